package dev.heliograph.whatsapp.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.Hashes;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import dev.heliograph.whatsapp.proto.ADVDeviceIdentity;
import dev.heliograph.whatsapp.proto.ADVEncryptionType;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentity;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentityHMAC;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairing by QR code, on a connection that was made with {@link ClientPayloads#registration}. The
 * server pushes {@code pair-device} with refs, each good for one QR code; when the phone has
 * scanned one it pushes {@code pair-success} with an identity that the phone has signed. We check
 * it, sign it too and send it back; then the server closes, and we log in.
 */
public final class Pairing {
  private static final Duration FIRST_CODE = Duration.ofSeconds(60);
  private static final Duration LATER_CODE = Duration.ofSeconds(20);

  /** Twice what they are, and what fits into a QR code with the rest. */
  private static final int LONGEST_REF = 500;

  private static final ByteString ACCOUNT_SIGNATURE = prefix(0);
  private static final ByteString DEVICE_SIGNATURE = prefix(1);
  private static final ByteString HOSTED_ACCOUNT_SIGNATURE = prefix(5);

  private Pairing() {}

  /** What became of a {@code pair-success}. */
  public sealed interface Outcome {
    /**
     * The identity is good.
     *
     * @param credentials with the account, unconfirmed; to be kept before the reply is sent
     * @param reply after which the server closes the connection
     */
    record Paired(Credentials credentials, Node reply) implements Outcome {}

    /** It is not: the credentials are worth nothing. */
    record Refused(Reason reason, Node reply) implements Outcome {}
  }

  public enum Reason {
    /** Not made by the phone that scanned our code. */
    HMAC_MISMATCH(401, "hmac-mismatch"),
    /** Not signed by the account for our identity key. */
    SIGNATURE_MISMATCH(401, "signature-mismatch"),
    MALFORMED(500, "internal-error");

    private final int code;
    private final String text;

    Reason(int code, String text) {
      this.code = code;
      this.text = text;
    }
  }

  public static boolean isPairDevice(Node node) {
    return node.is("iq") && node.hasChild("pair-device");
  }

  public static boolean isPairSuccess(Node node) {
    return node.is("iq") && node.hasChild("pair-success");
  }

  /** The codes of a {@code pair-device}, to be shown one after the other. */
  public static List<QrCode> codes(Node iq, Credentials credentials) {
    List<QrCode> codes = new ArrayList<>();
    for (Node ref : iq.requireChild("pair-device").children("ref")) {
      Duration lifetime = codes.isEmpty() ? FIRST_CODE : LATER_CODE;
      codes.add(QrCode.of(text(ref), credentials, lifetime));
    }
    if (codes.isEmpty()) throw new ProtocolException("pair-device: no refs");
    return codes;
  }

  private static String text(Node ref) {
    String text = ref.requireText();
    if (text.length() > LONGEST_REF) throw new ProtocolException("ref: too long for a QR code");
    return text;
  }

  /** The answer to a {@code pair-device}. */
  public static Node taken(Node iq) {
    return result(iq);
  }

  /** Checks a {@code pair-success}. */
  public static Outcome success(Node iq, Credentials credentials) {
    try {
      return verified(iq, credentials);
    } catch (InvalidProtocolBufferException | ProtocolException malformed) {
      return refused(iq, Reason.MALFORMED);
    }
  }

  private static Outcome verified(Node iq, Credentials credentials)
      throws InvalidProtocolBufferException {
    Node success = iq.requireChild("pair-success");
    var sealed =
        ADVSignedDeviceIdentityHMAC.parseFrom(
            success.requireChild("device-identity").requireBytes());
    if (!isOurs(sealed, credentials)) return refused(iq, Reason.HMAC_MISMATCH);

    var signed = ADVSignedDeviceIdentity.parseFrom(sealed.getDetails());
    var identity = ADVDeviceIdentity.parseFrom(signed.getDetails());
    ByteString phoneIdentity = PublicKeys.withoutType(signed.getAccountSignatureKey());
    if (!isSignedByAccount(signed, identity, phoneIdentity, credentials)) {
      return refused(iq, Reason.SIGNATURE_MISMATCH);
    }

    var countersigned =
        signed.toBuilder()
            .setDeviceSignature(
                credentials
                    .identityKey()
                    .sign(
                        DEVICE_SIGNATURE
                            .concat(signed.getDetails())
                            .concat(credentials.identityKey().publicKey())
                            .concat(phoneIdentity)))
            .build();
    Account account = account(success, countersigned, phoneIdentity);
    return new Outcome.Paired(
        credentials.withAccount(account), reply(iq, countersigned, identity.getKeyIndex()));
  }

  private static boolean isOurs(ADVSignedDeviceIdentityHMAC sealed, Credentials credentials) {
    ByteString prefix =
        sealed.getAccountType() == ADVEncryptionType.HOSTED
            ? HOSTED_ACCOUNT_SIGNATURE
            : ByteString.EMPTY;
    byte[] expected =
        Hashes.hmacSha256(
            credentials.advSecret().toByteArray(),
            prefix.concat(sealed.getDetails()).toByteArray());
    return MessageDigest.isEqual(expected, sealed.getHmac().toByteArray());
  }

  private static boolean isSignedByAccount(
      ADVSignedDeviceIdentity signed,
      ADVDeviceIdentity identity,
      ByteString phoneIdentity,
      Credentials credentials) {
    ByteString prefix =
        identity.getDeviceType() == ADVEncryptionType.HOSTED
            ? HOSTED_ACCOUNT_SIGNATURE
            : ACCOUNT_SIGNATURE;
    ByteString message =
        prefix.concat(signed.getDetails()).concat(credentials.identityKey().publicKey());
    return PublicKeys.verify(phoneIdentity, message, signed.getAccountSignature());
  }

  private static Account account(
      Node success, ADVSignedDeviceIdentity identity, ByteString phoneIdentity) {
    Node device = success.requireChild("device");
    Jid pn = device.requireJid("jid");
    Jid lid = device.requireJid("lid");
    boolean isNumber =
        PhoneNumber.parse(pn.user())
            .filter(number -> number.digits().equals(pn.user()))
            .isPresent();
    if (!pn.isPn()
        || !isNumber
        || !lid.isLid()
        || pn.device() == 0
        || pn.device() != lid.device()) {
      throw new ProtocolException("pair-success: not a device of an account");
    }
    return new Account(
        pn,
        lid,
        identity.toByteString(),
        phoneIdentity,
        success.child("platform").flatMap(node -> node.attr("name")).orElse(""),
        success.child("biz").flatMap(node -> node.attr("name")).orElse(""),
        false);
  }

  /** The server has the account's key already: as every client does, we leave it out. */
  private static Node reply(Node iq, ADVSignedDeviceIdentity identity, int keyIndex) {
    byte[] bytes = identity.toBuilder().clearAccountSignatureKey().build().toByteArray();
    return result(iq)
        .with(
            Node.of("pair-device-sign")
                .with(
                    Node.of("device-identity")
                        .with("key-index", Integer.toUnsignedLong(keyIndex))
                        .with(bytes)));
  }

  private static Outcome refused(Node iq, Reason reason) {
    Node reply =
        Node.of("iq")
            .with("to", Jid.WHATSAPP)
            .with("type", "error")
            .with("id", iq.value("id"))
            .with(Node.of("error").with("code", reason.code).with("text", reason.text));
    return new Outcome.Refused(reason, reply);
  }

  private static Node result(Node iq) {
    return Node.of("iq").with("to", Jid.WHATSAPP).with("type", "result").with("id", iq.value("id"));
  }

  private static ByteString prefix(int kind) {
    return ByteString.copyFrom(new byte[] {6, (byte) kind});
  }
}

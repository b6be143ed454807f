package dev.heliograph.whatsapp.auth;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.crypto.Hashes;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.proto.ADVDeviceIdentity;
import dev.heliograph.whatsapp.proto.ADVEncryptionType;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentity;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentityHMAC;
import java.util.random.RandomGenerator;

/** The phone's part of a pairing, for tests: it has seen the credentials' QR code. */
public final class Phone {
  public static final Jid PN = Jid.pn("5511999").withDevice(7);
  public static final Jid LID = Jid.lid("1234").withDevice(7);

  private final KeyPair identity;
  private final Credentials scanned;
  boolean hosted;

  public Phone(Credentials scanned, RandomGenerator random) {
    this.identity = KeyPair.generate(random);
    this.scanned = scanned;
  }

  /** Credentials that this phone has paired, as if by the whole procedure. */
  public static Credentials paired(RandomGenerator random) {
    Credentials credentials = Credentials.generate(random);
    Phone phone = new Phone(credentials, random);
    return ((Pairing.Outcome.Paired) Pairing.success(phone.pairSuccess(), credentials))
        .credentials();
  }

  KeyPair identity() {
    return identity;
  }

  Node pairSuccess() {
    return pairSuccess(sealed(signed()));
  }

  Node pairSuccess(ADVSignedDeviceIdentityHMAC sealed) {
    return Node.of("iq")
        .with("from", Jid.WHATSAPP)
        .with("type", "set")
        .with("id", "2")
        .with("xmlns", "md")
        .with(
            Node.of("pair-success")
                .with(
                    Node.of("device-identity").with(sealed.toByteString()),
                    Node.of("device").with("jid", PN).with("lid", LID),
                    Node.of("platform").with("name", "android"),
                    Node.of("biz").with("name", "Bakery")));
  }

  ADVSignedDeviceIdentity signed() {
    ByteString details =
        ADVDeviceIdentity.newBuilder()
            .setRawId(77)
            .setTimestamp(1_700_000_000)
            .setKeyIndex(3)
            .setDeviceType(type())
            .build()
            .toByteString();
    ByteString message =
        prefix(hosted ? 5 : 0).concat(details).concat(scanned.identityKey().publicKey());
    return ADVSignedDeviceIdentity.newBuilder()
        .setDetails(details)
        .setAccountSignatureKey(identity.publicKey())
        .setAccountSignature(identity.sign(message))
        .build();
  }

  ADVSignedDeviceIdentityHMAC sealed(ADVSignedDeviceIdentity signed) {
    ByteString details = signed.toByteString();
    ByteString message = hosted ? prefix(5).concat(details) : details;
    byte[] hmac = Hashes.hmacSha256(scanned.advSecret().toByteArray(), message.toByteArray());
    return ADVSignedDeviceIdentityHMAC.newBuilder()
        .setDetails(details)
        .setHmac(ByteString.copyFrom(hmac))
        .setAccountType(type())
        .build();
  }

  private ADVEncryptionType type() {
    return hosted ? ADVEncryptionType.HOSTED : ADVEncryptionType.E2EE;
  }

  static ByteString prefix(int kind) {
    return ByteString.copyFrom(new byte[] {6, (byte) kind});
  }
}

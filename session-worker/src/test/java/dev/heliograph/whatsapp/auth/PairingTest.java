package dev.heliograph.whatsapp.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.Shape;
import dev.heliograph.whatsapp.auth.Pairing.Outcome.Paired;
import dev.heliograph.whatsapp.auth.Pairing.Outcome.Refused;
import dev.heliograph.whatsapp.auth.Pairing.Reason;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentity;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentityHMAC;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairingTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final Credentials credentials = Credentials.generate(random);
  private final Phone phone = new Phone(credentials, random);

  @Test
  void eachRefIsACodeTheFirstOneForAMinute() {
    List<QrCode> codes = Pairing.codes(pairDevice("2@abc", "2@def", "2@ghi"), credentials);

    assertThat(codes)
        .extracting(QrCode::lifetime)
        .containsExactly(Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(20));
    String[] fields = codes.get(1).text().split("#", 2)[1].split(",", -1);
    assertThat(codes.get(1).text()).startsWith("https://wa.me/settings/linked_devices#2@def,");
    assertThat(fields).hasSize(5);
    assertThat(decoded(fields[1])).isEqualTo(credentials.noiseKey().publicKey());
    assertThat(decoded(fields[2])).isEqualTo(credentials.identityKey().publicKey());
    assertThat(decoded(fields[3])).isEqualTo(credentials.advSecret());
    assertThat(fields[4]).isEqualTo("1");
    assertThat(codes.get(0).toString()).doesNotContain("2@abc").contains("redacted");
  }

  @Test
  void pairDeviceIsAnswered() {
    assertThat(Shape.of(Pairing.taken(pairDevice("2@abc"))))
        .isEqualTo("<iq to=s.whatsapp.net type='result' id='1'/>");
  }

  @Test
  void aPairDeviceWithoutRefsIsRefused() {
    assertThatThrownBy(() -> Pairing.codes(pairDevice(), credentials))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatThePhoneSignedMakesUsPaired(boolean hosted) throws Exception {
    phone.hosted = hosted;

    Paired paired = (Paired) Pairing.success(phone.pairSuccess(), credentials);

    Account account = paired.credentials().account();
    assertThat(account.pn()).isEqualTo(Phone.PN);
    assertThat(account.lid()).isEqualTo(Phone.LID);
    assertThat(account.platform()).isEqualTo("android");
    assertThat(account.businessName()).isEqualTo("Bakery");
    assertThat(account.phoneIdentity()).isEqualTo(phone.identity().publicKey());
    assertThat(account.confirmed()).isFalse();
    ADVSignedDeviceIdentity kept = ADVSignedDeviceIdentity.parseFrom(account.deviceIdentity());
    assertThat(kept.getAccountSignatureKey()).isEqualTo(phone.identity().publicKey());
    assertThat(isSignedByUs(kept)).isTrue();
  }

  @Test
  void theReplyHasTheIdentityWithoutTheAccountsKey() throws Exception {
    Paired paired = (Paired) Pairing.success(phone.pairSuccess(), credentials);

    assertThat(Shape.of(paired.reply()))
        .matches(
            "<iq to=s.whatsapp.net type='result' id='2'>"
                + "<pair-device-sign><device-identity key-index='3'>\\d+ B</></></>");
    ADVSignedDeviceIdentity sent =
        ADVSignedDeviceIdentity.parseFrom(
            paired
                .reply()
                .requireChild("pair-device-sign")
                .requireChild("device-identity")
                .requireBytes());
    assertThat(sent.hasAccountSignatureKey()).isFalse();
    assertThat(isSignedByUs(sent)).isTrue();
  }

  @Test
  void anAccountKeyWithItsTypeIsTheSameKey() {
    ADVSignedDeviceIdentity typed =
        phone.signed().toBuilder()
            .setAccountSignatureKey(PublicKeys.withType(phone.identity().publicKey()))
            .build();

    Paired paired = (Paired) Pairing.success(phone.pairSuccess(phone.sealed(typed)), credentials);

    assertThat(paired.credentials().account().phoneIdentity())
        .isEqualTo(phone.identity().publicKey());
  }

  @Test
  void aRefThatFitsIntoNoCodeIsRefused() {
    assertThatThrownBy(() -> Pairing.codes(pairDevice("2@" + "a".repeat(5000)), credentials))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"12", "0123456789", "1234567890123456", "+4915112345678", "49-151123456"})
  void anAccountWithANumberThatNobodyHasIsRefused(String number) {
    Node success = phone.pairSuccess();
    Node device =
        Node.of("device")
            .with("jid", Jid.pn(number).withDevice(7))
            .with("lid", Jid.lid("1").withDevice(7));
    List<Node> parts =
        success.requireChild("pair-success").children().stream()
            .map(part -> part.is("device") ? device : part)
            .toList();

    assertThat(
            Pairing.success(
                success.with(List.of(Node.of("pair-success").with(parts))), credentials))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.MALFORMED));
  }

  @Test
  void aPhoneThatHasNotSeenOurCodeIsRefused() {
    Phone other = new Phone(Credentials.generate(random), random);

    Refused refused = (Refused) Pairing.success(other.pairSuccess(), credentials);

    assertThat(refused.reason()).isEqualTo(Reason.HMAC_MISMATCH);
    assertThat(Shape.of(refused.reply()))
        .isEqualTo(
            "<iq to=s.whatsapp.net type='error' id='2'>"
                + "<error code='401' text='hmac-mismatch'/></>");
  }

  @Test
  void anIdentityThatTheAccountDidNotSignIsRefused() {
    ADVSignedDeviceIdentity forged =
        phone.signed().toBuilder()
            .setAccountSignatureKey(KeyPair.generate(random).publicKey())
            .build();

    Refused refused =
        (Refused) Pairing.success(phone.pairSuccess(phone.sealed(forged)), credentials);

    assertThat(refused.reason()).isEqualTo(Reason.SIGNATURE_MISMATCH);
  }

  @Test
  void anyChangedBitIsRefused() {
    ADVSignedDeviceIdentityHMAC sealed = phone.sealed(phone.signed());

    for (int bit = 0; bit < 8 * sealed.getDetails().size(); bit++) {
      assertRefused(sealed.toBuilder().setDetails(flipped(sealed.getDetails(), bit)).build());
    }
    for (int bit = 0; bit < 8 * sealed.getHmac().size(); bit++) {
      assertRefused(sealed.toBuilder().setHmac(flipped(sealed.getHmac(), bit)).build());
    }
  }

  @Test
  void anyChangedBitThatTheAccountSignedIsRefused() {
    ADVSignedDeviceIdentity signed = phone.signed();

    for (int bit = 0; bit < 8 * signed.getDetails().size(); bit++) {
      ADVSignedDeviceIdentity changed =
          signed.toBuilder().setDetails(flipped(signed.getDetails(), bit)).build();
      assertRefused(phone.sealed(changed));
    }
  }

  private void assertRefused(ADVSignedDeviceIdentityHMAC sealed) {
    assertThat(Pairing.success(phone.pairSuccess(sealed), credentials)).isInstanceOf(Refused.class);
  }

  private static ByteString flipped(ByteString bytes, int bit) {
    byte[] changed = bytes.toByteArray();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return ByteString.copyFrom(changed);
  }

  @Test
  void whatMakesNoSenseIsRefusedAndNeverThrows() {
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      assertThat(Pairing.success(pairSuccess(noise), credentials)).isInstanceOf(Refused.class);
    }
    Node empty = Node.of("iq").with("id", "2").with(Node.of("pair-success"));
    assertThat(Pairing.success(empty, credentials))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.MALFORMED));
  }

  private boolean isSignedByUs(ADVSignedDeviceIdentity identity) {
    ByteString ours = credentials.identityKey().publicKey();
    ByteString message =
        Phone.prefix(1)
            .concat(identity.getDetails())
            .concat(ours)
            .concat(phone.identity().publicKey());
    return PublicKeys.verify(ours, message, identity.getDeviceSignature());
  }

  private Node pairSuccess(byte[] sealed) {
    Node success = phone.pairSuccess().requireChild("pair-success");
    List<Node> children =
        success.children().stream()
            .map(child -> child.is("device-identity") ? child.with(sealed) : child)
            .toList();
    return phone
        .pairSuccess(ADVSignedDeviceIdentityHMAC.getDefaultInstance())
        .with(List.of(success.with(children)));
  }

  private static Node pairDevice(String... refs) {
    Node pairDevice = Node.of("pair-device");
    for (String ref : refs) pairDevice = pairDevice.with(Node.of("ref").withText(ref));
    return Node.of("iq")
        .with("from", Jid.WHATSAPP)
        .with("type", "set")
        .with("id", "1")
        .with("xmlns", "md")
        .with(pairDevice);
  }

  private static ByteString decoded(String base64) {
    return ByteString.copyFrom(Base64.getDecoder().decode(base64));
  }
}

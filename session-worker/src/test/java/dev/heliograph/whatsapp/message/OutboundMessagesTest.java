package dev.heliograph.whatsapp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.Shape;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.Phone;
import dev.heliograph.whatsapp.binary.NodeDecoder;
import dev.heliograph.whatsapp.message.MessageContent.DeviceSent;
import dev.heliograph.whatsapp.message.MessageContent.Text;
import dev.heliograph.whatsapp.signal.CiphertextType;
import dev.heliograph.whatsapp.signal.Decryption.Decrypted;
import dev.heliograph.whatsapp.signal.Device;
import dev.heliograph.whatsapp.signal.Encrypted;
import dev.heliograph.whatsapp.signal.MapRecords;
import dev.heliograph.whatsapp.signal.NoSessionException;
import dev.heliograph.whatsapp.stream.Iqs;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutboundMessagesTest {
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

  private final Random random = new Random(1);
  private final Credentials credentials = Phone.paired(random);
  private final Device us = new Device(Phone.LID, credentials, new MapRecords(), random);
  private final Device ourPhone = Device.create(Phone.LID.bare(), random);
  private final Device peerPhone = Device.create(Jid.lid("555"), random);
  private final Device peerWeb = Device.create(Jid.lid("555").withDevice(4), random);
  private final List<Jid> devices =
      List.of(peerPhone.jid(), peerWeb.jid(), ourPhone.jid(), us.jid());
  private final OutboundText text =
      new OutboundText("3EB0AA", Jid.lid("555"), Optional.of(Jid.pn("4930")), "hello");

  @Test
  void eachDeviceGetsItsOwnCiphertextAndWeGetNone() {
    begin(peerPhone, peerWeb, ourPhone);

    EncodedMessage encoded = outbound().encode(text, devices);

    Node stanza = NodeDecoder.decode(encoded.stanza().toByteArray());
    assertThat(Shape.of(stanza))
        .matches(
            "<message id='3EB0AA' to=555@lid type='text' peer_recipient_pn=4930@s.whatsapp.net>"
                + "<participants>"
                + "<to jid=555@lid><enc v='2' type='pkmsg'>\\d+ B</></>"
                + "<to jid=555:4@lid><enc v='2' type='pkmsg'>\\d+ B</></>"
                + "<to jid=1234@lid><enc v='2' type='pkmsg'>\\d+ B</></></>"
                + "<device-identity>\\d+ B</></>");
    assertThat(stanza.requireChild("device-identity").requireBytes())
        .isEqualTo(credentials.account().deviceIdentity());
    assertThat(encoded.skipped()).isEmpty();
    assertThat(contentFor(peerPhone, stanza, false)).isEqualTo(new Text("hello"));
    assertThat(contentFor(peerWeb, stanza, false)).isEqualTo(new Text("hello"));
    assertThat(contentFor(ourPhone, stanza, true))
        .isEqualTo(new DeviceSent(Jid.lid("555"), new Text("hello")));
  }

  @Test
  void ourIdentityGoesOnlyWithWhatBeginsASession() {
    begin(peerPhone);
    answered(peerPhone);

    Node stanza = decoded(outbound().encode(text, List.of(peerPhone.jid())).stanza());

    assertThat(encFor(peerPhone, stanza).requireAttr("type")).isEqualTo("msg");
    assertThat(stanza.hasChild("device-identity")).isFalse();
  }

  @Test
  void aDeviceWithoutASessionIsSkipped() {
    begin(peerPhone);

    EncodedMessage encoded = outbound().encode(text, devices);

    assertThat(encoded.skipped()).containsExactly(peerWeb.jid(), ourPhone.jid());
    assertThat(decoded(encoded.stanza()).requireChild("participants").children()).hasSize(1);
    assertThat(outbound().withoutSession(devices)).containsExactly(peerWeb.jid(), ourPhone.jid());
  }

  @Test
  void aMessageThatNoDeviceOfItsRecipientCanReadIsRefusedAndChangesNothing() {
    begin(ourPhone);
    var before = us.records().all();

    assertThatThrownBy(() -> outbound().encode(text, devices))
        .isInstanceOf(NoSessionException.class);
    assertThat(us.records().all()).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void aNoteToSelfGoesToOurOtherDevices() {
    begin(ourPhone);
    OutboundText note =
        new OutboundText("3EB0BB", Phone.LID.bare(), Optional.of(Phone.PN.bare()), "note");

    Node stanza = decoded(outbound().encode(note, List.of(ourPhone.jid(), us.jid())).stanza());

    assertThat(contentFor(ourPhone, stanza, true))
        .isEqualTo(new DeviceSent(Phone.LID.bare(), new Text("note")));
  }

  @Test
  void aNumberWithoutALidIsSentToUnderTheNumber() {
    Device peer = Device.create(Jid.pn("4930"), random);
    begin(peer);
    OutboundText byNumber =
        new OutboundText("3EB0AA", Jid.pn("4930"), Optional.of(Jid.pn("4930")), "hello");

    Node stanza = decoded(outbound().encode(byNumber, List.of(peer.jid())).stanza());

    assertThat(stanza.requireJid("to")).isEqualTo(Jid.pn("4930"));
    assertThat(stanza.has("peer_recipient_pn")).isFalse();
  }

  @Test
  void whoAsksAgainGetsItAloneWithTheCount() {
    begin(peerWeb);
    RetryRequest request = RetryRequest.parse(retry(peerWeb, 2).with("t", "1"));

    Node stanza = decoded(outbound().encodeAgain(text, request, peerWeb.jid(), TIME));

    assertThat(Shape.of(stanza))
        .matches(
            "<message id='3EB0AA' to=555:4@lid type='text' t='1700000000' device_fanout='false'>"
                + "<enc v='2' type='pkmsg' count='2'>\\d+ B</><device-identity>\\d+ B</></>");
    assertThat(content(peerWeb, stanza.requireChild("enc"), false)).isEqualTo(new Text("hello"));
  }

  @Test
  void ourOwnDeviceGetsItsCopyAgain() {
    begin(ourPhone);
    Node asked = retry(ourPhone, 1).with("recipient", Jid.lid("555"));

    Node stanza =
        decoded(outbound().encodeAgain(text, RetryRequest.parse(asked), ourPhone.jid(), TIME));

    assertThat(stanza.requireJid("recipient")).isEqualTo(Jid.lid("555"));
    assertThat(content(ourPhone, stanza.requireChild("enc"), true)).isInstanceOf(DeviceSent.class);
  }

  @Test
  void aRetryBringsTheKeysOfANewSession() {
    Node keys =
        Node.of("keys")
            .with(
                Iqs.type(),
                Iqs.identity(peerWeb.credentials()),
                Iqs.key(peerWeb.preKeys().give()),
                Iqs.signedPreKey(peerWeb.credentials().signedPreKey()));

    RetryRequest request = RetryRequest.parse(retry(peerWeb, 2).with(keys));

    assertThat(request.messageId()).isEqualTo("3EB0AA");
    assertThat(request.asker()).isEqualTo(peerWeb.jid());
    assertThat(request.count()).isEqualTo(2);
    assertThat(request.registrationId()).isEqualTo(peerWeb.credentials().registrationId());
    us.sessions().process(peerWeb.jid(), request.keys().orElseThrow());
    Node stanza = decoded(outbound().encodeAgain(text, request, peerWeb.jid(), TIME));
    assertThat(content(peerWeb, stanza.requireChild("enc"), false)).isEqualTo(new Text("hello"));
  }

  @Test
  void noneOfItPrintsTheText() {
    begin(peerPhone);

    assertThat(text.toString()).isEqualTo("OutboundText[3EB0AA]");
    assertThat(outbound().encode(text, devices).toString())
        .matches("EncodedMessage\\[size=\\d+, skipped=2]");
  }

  private OutboundMessages outbound() {
    return new OutboundMessages(credentials.account(), us.sessions());
  }

  private void begin(Device... with) {
    for (Device device : with) us.sessions().process(device.jid(), device.bundle());
  }

  private void answered(Device device) {
    device.decrypt(us, us.encrypt(device, "ping"));
    us.decrypt(device, device.encrypt(us, "pong"));
  }

  private MessageContent contentFor(Device device, Node stanza, boolean own) {
    return content(device, encFor(device, stanza), own);
  }

  private MessageContent content(Device device, Node enc, boolean own) {
    CiphertextType type = CiphertextType.find(enc.requireAttr("type")).orElseThrow();
    Decrypted decrypted = (Decrypted) device.decrypt(us, new Encrypted(type, enc.requireBytes()));
    return MessageContent.parse(decrypted.plaintext(), own);
  }

  private static Node encFor(Device device, Node stanza) {
    return stanza.requireChild("participants").children().stream()
        .filter(to -> to.requireJid("jid").equals(device.jid()))
        .findFirst()
        .orElseThrow()
        .requireChild("enc");
  }

  private static Node retry(Device asker, int count) {
    return Node.of("receipt")
        .with("from", asker.jid())
        .with("id", "3EB0AA")
        .with("type", "retry")
        .with(
            Node.of("retry").with("count", count).with("id", "3EB0AA").with("v", "1"),
            Iqs.registration(asker.credentials()));
  }

  private static Node decoded(ByteString stanza) {
    return NodeDecoder.decode(stanza.toByteArray());
  }
}

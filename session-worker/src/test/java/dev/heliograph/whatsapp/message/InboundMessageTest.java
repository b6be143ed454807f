package dev.heliograph.whatsapp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.auth.Phone;
import dev.heliograph.whatsapp.signal.CiphertextType;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboundMessageTest {
  private static final Jid PEER_LID = Jid.lid("555");
  private static final Jid PEER_PN = Jid.pn("4930");

  private final Account own = Phone.paired(new SplittableRandom(1)).account();

  @Test
  void aPeersMessage() {
    InboundMessage message =
        parse(
            message(PEER_LID.withDevice(3))
                .with("sender_pn", PEER_PN)
                .with("notify", "Anna")
                .with("offline", "0"));

    assertThat(message.id()).isEqualTo("3EB0AA");
    assertThat(message.chat()).isEqualTo(PEER_LID);
    assertThat(message.chatPn()).contains(PEER_PN);
    assertThat(message.sender()).isEqualTo(PEER_LID.withDevice(3));
    assertThat(message.senderPn()).contains(PEER_PN);
    assertThat(message.senderLid()).contains(PEER_LID);
    assertThat(message.signalSender()).isEqualTo(PEER_LID.withDevice(3));
    assertThat(message.time()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    assertThat(message.pushName()).contains("Anna");
    assertThat(message.offline()).isTrue();
    assertThat(message.fromOwnAccount()).isFalse();
    assertThat(message.peer()).isFalse();
    assertThat(message.isGroup()).isFalse();
    assertThat(message.encs())
        .containsExactly(new Enc("pkmsg", 2, ByteString.copyFrom(new byte[] {1, 2})));
    assertThat(message.encs().getFirst().ciphertextType()).contains(CiphertextType.PRE_KEY_MESSAGE);
  }

  @Test
  void aPeersMessageUnderItsNumber() {
    InboundMessage message =
        parse(message(PEER_PN.withDevice(3)).with("sender_lid", PEER_LID.withDevice(3)));

    assertThat(message.chat()).isEqualTo(PEER_PN);
    assertThat(message.chatLid()).contains(PEER_LID);
    assertThat(message.signalSender()).isEqualTo(PEER_LID.withDevice(3));
    assertThat(parse(message(PEER_PN.withDevice(3))).signalSender())
        .isEqualTo(PEER_PN.withDevice(3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageOfOurOtherDeviceBelongsToItsRecipient(boolean byLid) {
    Jid from = byLid ? Phone.LID.bare() : Phone.PN.bare();
    InboundMessage message =
        parse(message(from).with("recipient", PEER_LID).with("peer_recipient_pn", PEER_PN));

    assertThat(message.fromOwnAccount()).isTrue();
    assertThat(message.chat()).isEqualTo(PEER_LID);
    assertThat(message.chatPn()).contains(PEER_PN);
    assertThat(message.sender()).isEqualTo(from);
  }

  @Test
  void ourPhoneTalksToUs() {
    InboundMessage message = parse(message(Phone.LID.bare()).with("category", "peer"));

    assertThat(message.fromOwnAccount()).isTrue();
    assertThat(message.peer()).isTrue();
    assertThat(message.chat()).isEqualTo(Phone.LID.bare());
  }

  @Test
  void aGroupsMessageIsOfItsParticipant() {
    InboundMessage message =
        parse(
            message(Jid.group("123"))
                .with("participant", PEER_LID.withDevice(1))
                .with("participant_pn", PEER_PN));

    assertThat(message.isGroup()).isTrue();
    assertThat(message.chat()).isEqualTo(Jid.group("123"));
    assertThat(message.sender()).isEqualTo(PEER_LID.withDevice(1));
    assertThat(message.senderPn()).contains(PEER_PN);
    assertThatThrownBy(() -> parse(message(Jid.group("123"))))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void aHostedDeviceIsItsUser() {
    InboundMessage message = parse(message(new Jid("555", 99, Server.HOSTED_LID)));

    assertThat(message.sender()).isEqualTo(PEER_LID.withDevice(99));
    assertThat(message.chat()).isEqualTo(PEER_LID);
  }

  @Test
  void aMessageThatThisDeviceMayNotReadSaysSo() {
    Node stanza = message(PEER_LID).with(List.of(Node.of("unavailable").with("type", "view_once")));

    assertThat(parse(stanza).unavailable()).contains("view_once");
    assertThat(parse(stanza).encs()).isEmpty();
  }

  @Test
  void aDashIsNoName() {
    assertThat(parse(message(PEER_LID).with("notify", "-")).pushName()).isEmpty();
  }

  @Test
  void itDoesNotPrintWhatIsInIt() {
    assertThat(parse(message(PEER_LID).with("notify", "Anna")).toString())
        .isEqualTo("InboundMessage[encs=1, peer=false, offline=false]");
  }

  private InboundMessage parse(Node stanza) {
    return InboundMessage.parse(stanza, own);
  }

  private static Node message(Jid from) {
    return Node.of("message")
        .with("from", from)
        .with("id", "3EB0AA")
        .with("t", "1700000000")
        .with("type", "text")
        .with(
            Node.of("enc")
                .with("v", "2")
                .with("type", "pkmsg")
                .with("count", "2")
                .with(new byte[] {1, 2}));
  }
}

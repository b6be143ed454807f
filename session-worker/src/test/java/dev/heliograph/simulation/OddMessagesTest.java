package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.MessageId;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.proto.Message;
import dev.heliograph.whatsapp.proto.ProtocolMessage;
import dev.heliograph.whatsapp.proto.SenderKeyDistributionMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Stanzas that make no sense, or none to a customer: none is lost, and none comes for ever. */
@ExtendWith(QuietLogs.class)
class OddMessagesTest {
  private final List<MessageId> looked = new ArrayList<>();
  private final CalmSession session = new CalmSession(this::counting);

  private SessionStorage counting(SessionStorage tables) {
    return new ForwardingStorage(tables) {
      @Override
      public Optional<dev.heliograph.message.Message> message(MessageId message) {
        looked.add(message);
        return super.message(message);
      }
    };
  }

  @BeforeEach
  void connect() {
    session.connect();
  }

  @AfterEach
  void close() {
    session.close();
  }

  private void isToldOnceAsMalformed() {
    session.run(Duration.ofSeconds(10));
    assertThat(session.events("message.unsupported"))
        .singleElement()
        .asString()
        .contains("\"malformed\"");
    assertThat(session.whatsApp().waiting()).isEmpty();
    assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
  }

  private Node stanza() {
    return session.stanzaOf("ODD", SimPeer.LID);
  }

  @Test
  void aPlaintextThatIsNoMessageIsToldOnce() {
    session.peerWrites("ODD", ByteString.copyFrom(new byte[] {(byte) 0xFF, 1, 2, 3}));
    session.peerWrites("ODD", ByteString.copyFrom(new byte[] {(byte) 0xFF, 1, 2, 3}));

    isToldOnceAsMalformed();
  }

  @Test
  void aCiphertextWithoutBytesIsToldOnce() {
    Node odd = stanza().with(Node.of("enc").with("type", "msg"));
    session.whatsApp().enqueue(odd);
    session.whatsApp().enqueue(odd);

    isToldOnceAsMalformed();
  }

  @Test
  void aMessageWithoutATimeIsToldOnce() {
    session.whatsApp().enqueue(stanza().with("t", "yesterday"));

    isToldOnceAsMalformed();
  }

  @Test
  void aMessageWithAnAddressThatIsNoneIsToldOnce() {
    session.whatsApp().enqueue(stanza().with("sender_pn", "4@9@1"));

    isToldOnceAsMalformed();
  }

  @Test
  void aGroupsContentBesideItsKeyIsToldOf() {
    session.meddle(
        said ->
            said.is("message") && said.is("id", "GROUP")
                ? said.with(
                    Node.of("enc").with("type", "skmsg").with("v", "2").withText("a ciphertext"))
                : said);
    session.peerWrites(
        "GROUP",
        Message.newBuilder()
            .setSenderKeyDistributionMessage(
                SenderKeyDistributionMessage.newBuilder().setGroupId("120363000000000001@g.us"))
            .build()
            .toByteString());
    session.run(Duration.ofSeconds(10));

    assertThat(session.events("message.unsupported"))
        .singleElement()
        .asString()
        .contains("\"skmsg\"");
    assertThat(session.whatsApp().waiting()).isEmpty();
  }

  @Test
  void aRepeatOfWhatNobodyIsToldOfIsNotAskedForAgain() {
    List<Node> delivered = new ArrayList<>();
    session.meddle(
        said -> {
          if (said.is("message")) {
            delivered.add(said);
          }
          return said;
        });
    session.peerWrites(
        "QUIET",
        Message.newBuilder()
            .setProtocolMessage(ProtocolMessage.newBuilder().setType(3))
            .build()
            .toByteString());
    session.run(Duration.ofSeconds(10));
    assertThat(delivered).hasSize(1);

    session.whatsApp().enqueue(delivered.getFirst());
    session.run(Duration.ofSeconds(10));

    assertThat(session.whatsApp().waiting()).isEmpty();
    assertThat(session.entriesWith("\"retry_asked\"")).isZero();
    assertThat(session.events("message.received")).isEmpty();
  }

  @Test
  void aReceiptForMessagesOfOthersIsNotEvenLookedUp() {
    MessageId ours = session.accept();
    session.ring(List.of(ours));
    session.run(Duration.ofMinutes(1));
    long entries = session.entriesWith("[");
    looked.clear();

    List<Node> items =
        IntStream.range(0, 400).mapToObj(i -> Node.of("item").with("id", "3A" + i)).toList();
    session
        .whatsApp()
        .enqueue(
            Node.of("receipt")
                .with("id", "ABCDEF")
                .with("from", SimPeer.LID)
                .with("type", "read")
                .with(Node.of("list").with(items)));
    session.run(Duration.ofSeconds(10));

    assertThat(session.whatsApp().waiting()).isEmpty();
    assertThat(looked).isEmpty();
    assertThat(session.entriesWith("[")).isEqualTo(entries);
  }
}

package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.message.MessageId;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.proto.LIDMigrationMapping;
import dev.heliograph.whatsapp.proto.LIDMigrationMappingSyncMessage;
import dev.heliograph.whatsapp.proto.LIDMigrationMappingSyncPayload;
import dev.heliograph.whatsapp.proto.Message;
import dev.heliograph.whatsapp.proto.ProtocolMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What would not fit into an entry: an entry that cannot be written would come for ever. */
@ExtendWith(QuietLogs.class)
class TooBigTest {
  private final CalmSession session = new CalmSession();
  private final AtomicInteger logins = new AtomicInteger();

  @BeforeEach
  void connect() {
    session.connect();
    session.meddle(
        said -> {
          if (said.is("success")) {
            logins.incrementAndGet();
          }
          return said;
        });
  }

  @AfterEach
  void close() {
    session.close();
  }

  /** The session has gone on as if nothing was, and the server is rid of all. */
  private void isWell() {
    session.whatsApp().write();
    session.run(Duration.ofSeconds(10));

    assertThat(session.hasReceived("PEER1")).isTrue();
    assertThat(session.whatsApp().waiting()).isEmpty();
    assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
    assertThat(logins).hasValue(0);
    assertThat(session.longestEntry()).isLessThan(400_000);
  }

  @Test
  void thousandsOfAddresses() {
    LIDMigrationMappingSyncPayload.Builder payload = LIDMigrationMappingSyncPayload.newBuilder();
    for (int i = 0; i < 20_000; i++) {
      payload.addPnToLidMappings(
          LIDMigrationMapping.newBuilder().setPn(491520000000L + i).setAssignedLid(500_000L + i));
    }
    ByteString content =
        Message.newBuilder()
            .setProtocolMessage(
                ProtocolMessage.newBuilder()
                    .setLidMigrationMappingSyncMessage(
                        LIDMigrationMappingSyncMessage.newBuilder()
                            .setEncodedMappingPayload(payload.build().toByteString())))
            .build()
            .toByteString();

    session.phoneWrites(content);
    session.run(Duration.ofMinutes(2));

    assertThat(session.record("lid#491520019999")).hasValue("519999");
    assertThat(session.record("pn#500000")).hasValue("491520000000");
    isWell();
  }

  @Test
  void aTypeOfCiphertextWithoutEnd() {
    session
        .whatsApp()
        .enqueue(odd("X").with(Node.of("enc").with("type", "x".repeat(1 << 20)).with(new byte[9])));
    session
        .whatsApp()
        .enqueue(odd("Y").with(Node.of("unavailable").with("type", "y".repeat(1 << 20))));
    session.run(Duration.ofSeconds(10));

    assertThat(session.events("message.unsupported"))
        .hasSize(2)
        .allSatisfy(event -> assertThat(event).contains("unknown").hasSizeLessThan(2000));
    isWell();
  }

  @Test
  void aNameWithoutEnd() {
    session
        .whatsApp()
        .enqueue(
            odd("X")
                .with("notify", "n".repeat(1 << 20))
                .with(Node.of("enc").with("type", "new").with(new byte[9])));
    session.run(Duration.ofSeconds(10));

    assertThat(session.events("message.unsupported")).hasSize(1);
    isWell();
  }

  @Test
  void aTextThatIsTooLongIsToldOf() {
    session.peerWrites(
        "LONG", Message.newBuilder().setConversation("a".repeat(1 << 20)).build().toByteString());
    session.run(Duration.ofSeconds(10));

    assertThat(session.events("message.unsupported"))
        .singleElement()
        .asString()
        .contains("too_big");
    isWell();
  }

  @Test
  void aReceiptForAllThatWasEverSent() {
    session.whatsApp().meddle(said -> said.is("receipt") ? Node.of("ib") : said);
    List<MessageId> queued = session.accept(450);
    session.ring(queued);
    session.run(Duration.ofMinutes(2));
    session.whatsApp().meddle(said -> said);

    List<Node> items =
        IntStream.rangeClosed(2, 50_000)
            .mapToObj(i -> Node.of("item").with("id", CalmSession.outboundId(i)))
            .toList();
    session
        .whatsApp()
        .enqueue(
            Node.of("receipt")
                .with("id", CalmSession.outboundId(1))
                .with("from", SimPeer.LID)
                .with("type", "read")
                .with("t", 1)
                .with(Node.of("list").with(items)));
    session.run(Duration.ofSeconds(20));

    assertThat(session.events("message.read")).hasSize(450);
    assertThat(session.longestEntry()).isLessThan(400_000);
  }

  private Node odd(String id) {
    return session.stanzaOf(id, SimPeer.LID);
  }
}

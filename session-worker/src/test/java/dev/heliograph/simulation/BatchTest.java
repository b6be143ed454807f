package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Stanzas that share an entry: each is judged by what those before it in the entry have done. */
@ExtendWith(QuietLogs.class)
class BatchTest {
  private final CalmSession session = new CalmSession(this::slow);
  private Runnable onSending = () -> {};

  /** Writing down that a message is on its way takes long: what arrives meanwhile is one batch. */
  private SessionStorage slow(SessionStorage tables) {
    return new ForwardingStorage(tables) {
      @Override
      public void project(MessageId message, long seq, MessageProjection projection) {
        if (projection.status() == MessageStatus.SENDING) {
          onSending.run();
        }
        super.project(message, seq, projection);
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

  /** Sends a message; what {@code arriving} says comes in one batch, in its order. */
  private MessageId send(Node... arriving) {
    session.meddle(said -> said.is("ack") || said.is("receipt") ? Node.of("ib") : said);
    onSending =
        () -> {
          onSending = () -> {};
          session.meddle(said -> said);
          List.of(arriving).forEach(session.whatsApp()::enqueue);
          session.spend(Duration.ofSeconds(5));
        };
    MessageId message = session.accept();
    session.ring(List.of(message));
    session.run(Duration.ofSeconds(30));
    return message;
  }

  private static Node ack() {
    return Node.of("ack")
        .with("class", "message")
        .with("id", CalmSession.outboundId(1))
        .with("from", SimPeer.LID);
  }

  @Test
  void whatWasTakenIsNotSentAnewForARefusalBehindIt() {
    MessageId message = send(ack(), ack().with("error", 479));

    assertThat(session.message(message).status()).isNotEqualTo(MessageStatus.FAILED);
    assertThat(session.events("message.sent")).hasSize(1);
    assertThat(session.entriesWith("\"refused\"")).isZero();
  }

  @Test
  void aRefusalThatComesTwiceIsOne() {
    MessageId message = send(ack().with("error", 463), ack().with("error", 463));

    assertThat(session.message(message).error()).isEqualTo("refused_463");
    assertThat(session.events("message.failed")).hasSize(1);
  }

  @Test
  void aMessageThatIsWrittenTwiceIsOneEvent() {
    onSending =
        () -> {
          onSending = () -> {};
          session.whatsApp().write("PEER1");
          session.whatsApp().write("PEER1");
          session.spend(Duration.ofSeconds(5));
        };
    session.whatsApp().peer().write();
    session.ring(List.of(session.accept()));
    session.run(Duration.ofSeconds(30));

    assertThat(session.events("message.received")).hasSize(1);
    assertThat(session.whatsApp().waiting()).isEmpty();
  }
}

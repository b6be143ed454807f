package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.MessageStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tables that are so slow that a message dies while the session is about to send it. */
@ExtendWith(QuietLogs.class)
class DeadlineTest {
  private static final Duration LONGER_THAN_ANY_DEADLINE = Duration.ofMinutes(11);

  private final CalmSession session = new CalmSession(this::slow);
  private boolean isSlowToProject;
  private boolean isSlowToRead;
  private boolean isSlowToPut;

  private SessionStorage slow(SessionStorage tables) {
    return new ForwardingStorage(tables) {
      @Override
      public void project(MessageId message, long seq, MessageProjection projection) {
        if (isSlowToProject) {
          isSlowToProject = false;
          session.spend(LONGER_THAN_ANY_DEADLINE);
        }
        super.project(message, seq, projection);
      }

      @Override
      public Optional<Entry> put(Entry entry) {
        Optional<Entry> there = super.put(entry);
        if (isSlowToPut && entry.facts().contains("\"sending\"")) {
          isSlowToPut = false;
          session.spend(LONGER_THAN_ANY_DEADLINE);
        }
        return there;
      }

      @Override
      public Optional<StoredRecord> record(PairingId pairing, String name) {
        if (isSlowToRead) {
          isSlowToRead = false;
          session.spend(LONGER_THAN_ANY_DEADLINE);
        }
        return super.record(pairing, name);
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

  private void isNotSent(MessageId message) {
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.FAILED);
    assertThat(session.message(message).error()).isEqualTo(Message.DEADLINE_EXCEEDED);
  }

  @Test
  void whatDiesWhileTheOneBeforeItIsWrittenIsNotSent() {
    isSlowToProject = true;
    List<MessageId> both = session.accept(2);

    session.ring(both);
    session.run(LONGER_THAN_ANY_DEADLINE.plusMinutes(1));

    assertThat(session.message(both.getFirst()).sentAt()).isNotNull();
    isNotSent(both.getLast());
    assertThat(session.entriesWith("sending")).isEqualTo(1);
  }

  @Test
  void whatDiesWhileItIsWrittenIsNotSent() {
    isSlowToPut = true;
    MessageId message = session.accept();

    session.ring(List.of(message));
    session.run(LONGER_THAN_ANY_DEADLINE.plusMinutes(1));

    isNotSent(message);
    assertThat(session.entriesWith("sending")).isEqualTo(1);
    assertThat(session.whatsApp().lastEncType()).isEmpty();
  }

  @Test
  void whatDiesWhileItIsPreparedIsNotSent() {
    isSlowToRead = true;
    MessageId message = session.accept();

    session.ring(List.of(message));
    session.run(LONGER_THAN_ANY_DEADLINE.plusMinutes(1));

    isNotSent(message);
    assertThat(session.entriesWith("sending")).isZero();
  }
}

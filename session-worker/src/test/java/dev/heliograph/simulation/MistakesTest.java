package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.proto.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What our own code fails on is tried again, and in the end told of: it holds up nothing else. */
@ExtendWith(QuietLogs.class)
class MistakesTest {
  private static final int TRIES = 3;

  private final CalmSession session = new CalmSession(this::failing);
  private int failuresDue;

  private SessionStorage failing(SessionStorage tables) {
    return new ForwardingStorage(tables) {
      @Override
      public boolean has(MessageId message) {
        failIfDue();
        return super.has(message);
      }

      @Override
      public Optional<StoredRecord> record(PairingId pairing, String name) {
        if (name.startsWith("lid#")) {
          failIfDue();
        }
        return super.record(pairing, name);
      }
    };
  }

  private void failIfDue() {
    if (failuresDue > 0) {
      failuresDue--;
      throw new CalmSession.Unforeseen();
    }
  }

  @BeforeEach
  void connect() {
    session.connect();
  }

  @AfterEach
  void close() {
    session.close();
  }

  private void peerWrites(String id) {
    session.peerWrites(id, Message.newBuilder().setConversation(id).build().toByteString());
    session.run(Duration.ofMinutes(1));
  }

  private MessageStatus send() {
    MessageId message = session.accept();
    session.ring(List.of(message));
    session.run(Duration.ofMinutes(1));
    return session.message(message).status();
  }

  private void isWell() {
    assertThat(session.whatsApp().waiting()).isEmpty();
    assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
  }

  @Test
  void aMessageThatEndsEverySessionIsToldOfWithoutItsContent() {
    failuresDue = TRIES;
    peerWrites("FIRST");

    assertThat(session.failures()).isEqualTo(TRIES);
    assertThat(session.events("message.unsupported"))
        .singleElement()
        .asString()
        .contains("\"internal_error\"");
    isWell();

    peerWrites("SECOND");
    assertThat(session.events("message.received")).hasSize(1);
  }

  @Test
  void aMessageThatEndsASessionOrTwoIsReceived() {
    failuresDue = TRIES - 1;
    peerWrites("FIRST");

    assertThat(session.failures()).isEqualTo(TRIES - 1);
    assertThat(session.events("message.received")).hasSize(1);
    assertThat(session.events("message.unsupported")).isEmpty();
    isWell();
  }

  @Test
  void aTextThatEndsEverySessionFailsAndTheNextOneIsSent() {
    failuresDue = TRIES;

    assertThat(send()).isEqualTo(MessageStatus.FAILED);
    assertThat(session.events("message.failed"))
        .singleElement()
        .asString()
        .contains("\"internal_error\"");
    isWell();
    assertThat(send()).isIn(MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ);
  }

  @Test
  void aTextThatEndsASessionOrTwoIsSent() {
    failuresDue = TRIES - 1;

    assertThat(send()).isIn(MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ);
    assertThat(session.failures()).isEqualTo(TRIES - 1);
  }
}

package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.proto.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What our own code fails on is told of, and holds up nothing else. */
@ExtendWith(QuietLogs.class)
class MistakesTest {
  private final CalmSession session = new CalmSession(this::failing);
  private boolean failsToLook;

  private SessionStorage failing(SessionStorage tables) {
    return new ForwardingStorage(tables) {
      @Override
      public boolean has(MessageId message) {
        if (failsToLook) {
          failsToLook = false;
          throw new IllegalStateException("nobody has foreseen this");
        }
        return super.has(message);
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

  private void peerWrites(String id) {
    session.peerWrites(id, Message.newBuilder().setConversation(id).build().toByteString());
    session.run(Duration.ofSeconds(10));
  }

  private MessageId send() {
    MessageId message = session.accept();
    session.ring(List.of(message));
    session.run(Duration.ofSeconds(10));
    return message;
  }

  @Test
  void aMessageThatCannotBeHandledIsToldOfWithoutItsContent() {
    failsToLook = true;
    peerWrites("FIRST");

    assertThat(session.events("message.unsupported"))
        .singleElement()
        .asString()
        .contains("\"internal_error\"");
    assertThat(session.whatsApp().waiting()).isEmpty();
    assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);

    peerWrites("SECOND");
    assertThat(session.events("message.received")).hasSize(1);
  }

  @Test
  void aTextThatCannotBeSentFailsAndTheNextOneIsSent() {
    session.failRandom(true);
    MessageId first = send();
    assertThat(session.message(first).status()).isEqualTo(MessageStatus.FAILED);
    assertThat(session.message(first).error()).isEqualTo("internal_error");
    assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);

    session.failRandom(false);
    assertThat(session.message(send()).status())
        .isIn(MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ);
  }
}

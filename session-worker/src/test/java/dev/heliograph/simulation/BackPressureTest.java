package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.table.ThrottledException;
import dev.heliograph.whatsapp.proto.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tables that are slower than what comes in: the socket waits for them, and memory does not grow.
 */
@ExtendWith(QuietLogs.class)
class BackPressureTest {
  private static final int MESSAGES = 300;
  private static final Duration STEP = Duration.ofMillis(200);

  private final CalmSession session = new CalmSession(this::slow);
  private final AtomicInteger logins = new AtomicInteger();
  private boolean throttled;
  private Duration answersAfter = Duration.ZERO;

  private SessionStorage slow(SessionStorage tables) {
    return new ForwardingStorage(tables) {
      @Override
      public Optional<Entry> put(Entry entry) {
        session.spend(answersAfter);
        if (throttled) {
          throw new ThrottledException(new IllegalStateException("too many writes"));
        }
        return super.put(entry);
      }
    };
  }

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

  private void peerWrites(int textBytes) {
    for (int i = 0; i < MESSAGES; i++) {
      String text = "%05d".formatted(i) + "x".repeat(textBytes);
      session.peerWrites(
          "BIG" + i, Message.newBuilder().setConversation(text).build().toByteString());
    }
  }

  /** Lets time pass, and looks all the while at what the session holds in memory. */
  private void runWithinBounds(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      session.run(STEP);
      assertThat(session.mailboxWeight()).isLessThan((1 << 20) + 50_000);
      assertThat(session.mailboxSize()).isLessThan(64 + 4);
    }
  }

  private void everythingHasCome() {
    assertThat(session.whatsApp().waiting()).isEmpty();
    assertThat(session.events("message.received")).hasSize(MESSAGES);
    assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
    assertThat(logins).hasValue(0);
  }

  @Test
  void aTableThatTakesNothingForAWhileLosesNothing() {
    throttled = true;
    peerWrites(20_000);
    runWithinBounds(Duration.ofMinutes(3));
    assertThat(session.isPaused()).isTrue();
    assertThat(session.whatsApp().waiting()).hasSize(MESSAGES);

    throttled = false;
    runWithinBounds(Duration.ofMinutes(1));
    everythingHasCome();
  }

  @Test
  void aSlowTableSlowsTheSocketDown() {
    answersAfter = Duration.ofMillis(450);
    peerWrites(200);
    runWithinBounds(Duration.ofMinutes(2));
    everythingHasCome();
  }
}

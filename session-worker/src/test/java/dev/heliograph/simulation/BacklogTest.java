package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.MessageStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** More messages wait for one instance than its session has room for. */
@ExtendWith(QuietLogs.class)
class BacklogTest {
  private int reads;
  private final List<MessageId> sent = new ArrayList<>();

  private SessionStorage counting(SessionStorage tables) {
    return new ForwardingStorage(tables) {
      @Override
      public Optional<Message> message(MessageId message) {
        reads++;
        return super.message(message);
      }

      @Override
      public void project(MessageId message, long seq, MessageProjection projection) {
        super.project(message, seq, projection);
        if (projection.status() == MessageStatus.SENDING) {
          sent.add(message);
        }
      }
    };
  }

  @Test
  void aRingReadsNoMoreRowsThanAreSentSoon() {
    try (CalmSession session = new CalmSession(this::counting)) {
      session.connect();
      session.wish(Desired.STOPPED);
      session.run(Duration.ofSeconds(1));
      List<MessageId> queued = session.accept(3000);

      session.ring(queued);
      session.run(Duration.ofSeconds(1));
      assertThat(reads).isEqualTo(32);

      for (int i = 0; i < 5; i++) {
        session.ring(queued);
        session.run(Duration.ofSeconds(1));
      }
      assertThat(reads).isEqualTo(32);
    }
  }

  @Test
  void earlierOnesThatAreNamedLateReadNoMoreRowsEither() {
    try (CalmSession session = new CalmSession(this::counting)) {
      session.connect();
      session.wish(Desired.STOPPED);
      session.run(Duration.ofSeconds(1));
      List<MessageId> queued = session.accept(3000);

      session.ring(List.of(queued.getLast()));
      session.run(Duration.ofSeconds(1));
      session.ring(queued);
      session.run(Duration.ofSeconds(1));

      assertThat(reads).isEqualTo(1 + 32);
    }
  }

  @Test
  void allOfThemGoOutInTheEndInTheirOrder() {
    try (CalmSession session = new CalmSession(this::counting)) {
      session.connect();
      List<MessageId> queued = session.accept(1100);

      session.ring(List.of(queued.getLast())); // which is not the first, though it is named first
      session.ring(queued);
      session.run(Duration.ofMinutes(3));

      assertThat(sent).isEqualTo(queued);
    }
  }

  @Test
  void aRingOfTheLaterOnesLeavesTheOrderAsItIs() {
    try (CalmSession session = new CalmSession(this::counting)) {
      session.connect();
      List<MessageId> queued = session.accept(300);
      List<MessageId> unheard = new ArrayList<>(queued.subList(0, 250));
      unheard.remove(200);

      session.ring(unheard);
      session.run(Duration.ofMillis(1));
      session.ring(queued.subList(190, 300));
      session.run(Duration.ofMinutes(3));

      assertThat(sent).isEqualTo(queued);
    }
  }

  @Test
  void aRingThatNamesAnEarlierOneAgainLeavesTheOrderAsItIs() {
    try (CalmSession session = new CalmSession(this::counting)) {
      session.connect();
      List<MessageId> queued = session.accept(300);
      List<MessageId> later = new ArrayList<>(queued.subList(250, 300));
      later.add(queued.get(3));

      session.ring(queued.subList(0, 250));
      session.run(Duration.ofMillis(1));
      session.ring(later);
      session.run(Duration.ofMinutes(3));

      assertThat(sent).isEqualTo(queued);
    }
  }

  @Test
  void whatIsNamedLateGoesBeforeLaterOnesThatHaveBeenRead() {
    try (CalmSession session = new CalmSession(this::counting)) {
      session.connect();
      session.wish(Desired.STOPPED);
      session.run(Duration.ofSeconds(1));
      List<MessageId> queued = session.accept(100);

      session.ring(queued.subList(10, 100));
      session.run(Duration.ofSeconds(1));
      session.ring(queued.subList(0, 10));
      session.wish(Desired.RUNNING);
      session.run(Duration.ofMinutes(3));

      assertThat(sent).isEqualTo(queued);
    }
  }

  @Test
  void anAnswerThatLiesUnreadIsNoSilence() {
    AtomicReference<Runnable> journey = new AtomicReference<>(() -> {});
    try (CalmSession session =
        new CalmSession(
            tables ->
                new ForwardingStorage(tables) {
                  @Override
                  public Optional<Message> message(MessageId message) {
                    journey.get().run();
                    return super.message(message);
                  }
                })) {
      session.connect();
      session.wish(Desired.STOPPED);
      session.run(Duration.ofSeconds(1));
      List<MessageId> queued = session.accept(700);
      AtomicInteger logins = new AtomicInteger();
      session.meddle(
          said -> {
            if (said.is("success") && logins.incrementAndGet() == 1) {
              journey.set(() -> session.spend(Duration.ofMillis(50)));
              session.ring(queued); // is read first, for longer than a login may take
            }
            return said;
          });

      session.wish(Desired.RUNNING);
      session.run(Duration.ofMinutes(2));

      assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
      assertThat(logins).hasValue(1);
    }
  }
}

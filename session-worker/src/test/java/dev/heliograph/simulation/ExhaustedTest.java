package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** WhatsApp answers every login, and lets nobody in. */
@ExtendWith(QuietLogs.class)
class ExhaustedTest {
  private final AtomicInteger refusals = new AtomicInteger(Integer.MAX_VALUE);

  private Node refuse(Node said) {
    return said.is("success") && refusals.getAndDecrement() > 0
        ? Node.of("failure").with("reason", 503)
        : said;
  }

  @Test
  void whoConnectsAgainHasAllAttemptsAgain() {
    try (CalmSession session = new CalmSession()) {
      session.connect();
      session.meddle(this::refuse);
      session.whatsApp().endStream();
      for (int i = 0; i < 60 && session.row().status() != InstanceStatus.FAILED; i++) {
        session.ring(List.of(session.accept())); // as long as something waits it is one session
        session.run(Duration.ofSeconds(30));
      }
      assertThat(session.row().status()).isEqualTo(InstanceStatus.FAILED);
      assertThat(session.row().statusReason()).isEqualTo(StatusReason.RETRIES_EXHAUSTED);

      refusals.set(3);
      session.wish(Desired.RUNNING);
      session.run(Duration.ofMinutes(2));

      assertThat(refusals.get()).isNegative();
      assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
    }
  }
}

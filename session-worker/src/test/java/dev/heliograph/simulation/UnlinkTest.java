package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A logout while WhatsApp is out of reach: the device goes there first, if that can be at all. */
@ExtendWith(QuietLogs.class)
class UnlinkTest {
  private final CalmSession session = new CalmSession();

  @BeforeEach
  void loseTheConnection() {
    session.connect();
    session.setWeather(WireWeather.UNREACHABLE);
    session.whatsApp().endStream();
    session.run(Duration.ofSeconds(10));
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void whatNoWorkerHasLookedAtForADayIsTriedAllTheSame() {
    session.wish(Desired.LOGGED_OUT, Duration.ofHours(25));
    session.run(Duration.ofMinutes(2));
    session.setWeather(WireWeather.FAIR);
    session.run(Duration.ofMinutes(2));

    assertThat(session.whatsApp().linkedDevice()).isEmpty();
    assertThat(session.row().status()).isEqualTo(InstanceStatus.PENDING);
  }

  @Test
  void whatLeadsToNothingForADayIsGivenUp() {
    session.wish(Desired.LOGGED_OUT);
    session.run(Duration.ofHours(23));
    assertThat(session.row().status()).isNotEqualTo(InstanceStatus.PENDING);

    session.run(Duration.ofHours(2));
    assertThat(session.row().status()).isEqualTo(InstanceStatus.PENDING);
    assertThat(session.whatsApp().linkedDevice()).isPresent();
  }
}

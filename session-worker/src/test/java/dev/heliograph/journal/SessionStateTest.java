package dev.heliograph.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionStateTest {
  private static final MessageId MESSAGE =
      MessageId.outbound(new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZZ"), "OUT1");

  private final SessionState state = new SessionState();

  @Test
  void whatWasRefusedWaitsToBeSentAnew() {
    state.apply(1, new Fact.Sending(MESSAGE, "OUT1", 0, Instant.EPOCH));
    state.apply(2, new Fact.Refused(MESSAGE));

    assertThat(state.refused()).containsExactly(MESSAGE);
    assertThat(state.unsettled()).isEmpty();
  }

  @Test
  void whenAnInstanceWasSeenLastIsWhenThereWasAConnection() {
    Instant connected = Instant.EPOCH.plusSeconds(100);
    state.apply(1, changed(InstanceStatus.CONNECTED, connected, null));
    assertThat(state.projection().lastSeenAt()).isEqualTo(connected);

    // A worker that has taken it over and could not connect knows of no later connection.
    state.apply(2, changed(InstanceStatus.DISCONNECTED, connected.plusSeconds(900), null));
    assertThat(state.projection().lastSeenAt()).isEqualTo(connected);

    Instant again = connected.plusSeconds(1000);
    state.apply(3, changed(InstanceStatus.CONNECTED, again, again.minusSeconds(500)));
    state.apply(
        4, changed(InstanceStatus.DISCONNECTED, again.plusSeconds(60), again.plusSeconds(50)));
    assertThat(state.projection().lastSeenAt()).isEqualTo(again.plusSeconds(50));
  }

  private static Fact changed(InstanceStatus to, Instant at, @Nullable Instant seenAt) {
    return new Fact.StatusChanged(to, null, null, at, seenAt);
  }

  @Test
  void aRefusalOfWhatWasDeliveredHasItNotSentAnew() {
    state.apply(1, new Fact.Sending(MESSAGE, "OUT1", 0, Instant.EPOCH));
    state.apply(2, new Fact.Raised(MESSAGE, MessageStatus.DELIVERED, Instant.EPOCH));
    state.apply(2, new Fact.Refused(MESSAGE));

    assertThat(state.refused()).isEmpty();
  }
}

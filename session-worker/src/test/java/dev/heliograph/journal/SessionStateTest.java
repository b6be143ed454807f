package dev.heliograph.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.time.Instant;
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
  void aRefusalOfWhatWasDeliveredHasItNotSentAnew() {
    state.apply(1, new Fact.Sending(MESSAGE, "OUT1", 0, Instant.EPOCH));
    state.apply(2, new Fact.Raised(MESSAGE, MessageStatus.DELIVERED, Instant.EPOCH));
    state.apply(2, new Fact.Refused(MESSAGE));

    assertThat(state.refused()).isEmpty();
  }
}

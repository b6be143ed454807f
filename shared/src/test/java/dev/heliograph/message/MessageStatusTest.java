package dev.heliograph.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageStatusTest {
  private static final List<MessageStatus> ALL = List.of(MessageStatus.values());

  @Test
  void aMessageOnlyEverRises() {
    for (MessageStatus from : ALL) {
      for (MessageStatus to : ALL) {
        if (from.mayRaiseTo(to)) {
          assertThat(to).isGreaterThan(from);
        }
      }
    }
  }

  @Test
  void whatWasDeliveredHasNotFailed() {
    assertThat(ALL.stream().filter(status -> status.mayRaiseTo(MessageStatus.FAILED)))
        .containsExactly(MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.SENT);
  }

  @Test
  void nothingIsSentThatWasNotWrittenDownAsSending() {
    assertThat(ALL.stream().filter(status -> status.mayRaiseTo(MessageStatus.SENT)))
        .containsExactly(MessageStatus.SENDING);
  }

  @Test
  void aReceiptMayOvertakeTheServersAck() {
    assertThat(MessageStatus.SENDING.mayRaiseTo(MessageStatus.DELIVERED)).isTrue();
    assertThat(MessageStatus.SENDING.mayRaiseTo(MessageStatus.READ)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void itsWireNameReadsBack(MessageStatus status) {
    assertThat(MessageStatus.fromWire(status.wire())).isEqualTo(status);
  }
}

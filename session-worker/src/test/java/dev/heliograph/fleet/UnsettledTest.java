package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Fact;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnsettledTest {
  private static final InstanceId INSTANCE = InstanceId.draw(IdGenerator.random());
  private static final Instant AT = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant LATER = AT.plus(Unsettled.LONG).plus(Duration.ofSeconds(1));

  private final Unsettled unsettled = new Unsettled();
  private final Unsettled.Of session = unsettled.session();

  private MessageId sending(String whatsappId) {
    MessageId message = MessageId.outbound(INSTANCE, whatsappId);
    session.appended(List.of(new Fact.Sending(message, whatsappId, 0, AT)));
    return message;
  }

  @Test
  void aMessageIsOverdueWhenNothingWasHeardOfItForFiveMinutes() {
    sending("A");
    sending("B");

    assertThat(unsettled.overdue(AT.plus(Unsettled.LONG))).isZero();
    assertThat(unsettled.overdue(LATER)).isEqualTo(2);
  }

  @Test
  void whateverSettlesItEndsIt() {
    session.appended(
        List.of(
            new Fact.Sent(sending("A"), AT),
            new Fact.Raised(sending("B"), MessageStatus.DELIVERED, AT),
            new Fact.Failed(sending("C"), "refused_463", AT),
            new Fact.Refused(sending("D"))));

    assertThat(unsettled.overdue(LATER)).isZero();
  }

  @Test
  void aSessionThatEndsTakesItsMessagesAlongAndNoOthers() {
    sending("A");
    MessageId other = MessageId.outbound(INSTANCE, "B");
    unsettled.session().appended(List.of(new Fact.Sending(other, "B", 0, AT)));

    session.close();

    assertThat(unsettled.overdue(LATER)).isEqualTo(1);
  }
}

package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A message that was sent and that nobody has said a word of. */
@ExtendWith(QuietLogs.class)
class UnsettledTest {
  private final CalmSession session = new CalmSession();

  @BeforeEach
  void connect() {
    session.connect();
  }

  @AfterEach
  void close() {
    session.close();
  }

  private MessageId sendUnanswered() {
    session.meddle(said -> said.is("ack") || said.is("receipt") ? Node.of("ib") : said);
    MessageId message = session.accept();
    session.ring(List.of(message));
    session.run(Duration.ofSeconds(5));
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.SENDING);
    return message;
  }

  private void isUnknown(MessageId message) {
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.FAILED);
    assertThat(session.message(message).error()).isEqualTo(Message.OUTCOME_UNKNOWN);
    assertThat(session.events("message.failed")).hasSize(1);
  }

  @Test
  void aStopEndsItUntilAReceiptComesAfterAll() {
    MessageId message = sendUnanswered();

    session.wish(Desired.STOPPED);
    session.run(Duration.ofSeconds(1));
    isUnknown(message);

    session.meddle(said -> said);
    session.wish(Desired.RUNNING);
    session.run(Duration.ofMinutes(2));
    assertThat(session.message(message).status()).isIn(MessageStatus.DELIVERED, MessageStatus.READ);
  }

  @Test
  void aStopOfWhatHasNoConnectionEndsItAndIsDoneWith() {
    MessageId message = sendUnanswered();
    session.setWeather(WireWeather.UNREACHABLE);
    session.whatsApp().endStream();
    session.run(Duration.ofSeconds(10));
    assertThat(session.row().status()).isEqualTo(InstanceStatus.DISCONNECTED);

    session.wish(Desired.STOPPED);
    session.run(Duration.ofSeconds(1));

    isUnknown(message);
    assertThat(session.row().usedWish()).isEqualTo(session.row().wish());
  }

  @Test
  void aStopEndsWhatWaitsToGoOutAnew() {
    session.meddle(
        said -> {
          boolean isOurs = said.is("ack") && said.is("class", "message");
          boolean isAnswer = said.hasChild("usync") && session.entriesWith("\"refused\"") > 0;
          return isAnswer ? Node.of("ib") : isOurs ? said.with("error", 479) : said;
        });
    MessageId message = session.accept();
    session.ring(List.of(message));
    session.run(Duration.ofSeconds(10));
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.SENDING);

    session.wish(Desired.STOPPED);
    session.run(Duration.ofSeconds(30));

    assertThat(session.message(message).status()).isEqualTo(MessageStatus.FAILED);
    assertThat(session.message(message).error()).isEqualTo("not_sent");
  }

  @Test
  void aDayWithoutAConnectionEndsIt() {
    MessageId message = sendUnanswered();

    session.setWeather(WireWeather.UNREACHABLE);
    session.whatsApp().endStream();
    session.run(Duration.ofHours(23));
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.SENDING);

    session.run(Duration.ofHours(2));
    isUnknown(message);
  }
}

package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** WhatsApp does not take a message. */
@ExtendWith(QuietLogs.class)
class RefusalTest {
  private final CalmSession session = new CalmSession();
  private final AtomicInteger logins = new AtomicInteger();
  private final List<Duration> acks = new ArrayList<>();

  @BeforeEach
  void connect() {
    session.connect();
  }

  @AfterEach
  void close() {
    session.close();
  }

  /** Has the acks of our messages changed, and nobody receive them. */
  private void answer(UnaryOperator<Node> ack) {
    session.meddle(
        said -> {
          if (said.is("success")) {
            logins.incrementAndGet();
          }
          if (said.is("ack") && said.is("class", "message")) {
            acks.add(session.elapsed());
            return ack.apply(said);
          }
          return said.is("receipt") ? Node.of("ib") : said;
        });
  }

  private MessageId send() {
    MessageId message = session.accept();
    session.ring(List.of(message));
    return message;
  }

  private void isWell() {
    assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
    assertThat(logins).hasValue(0);
  }

  @Test
  void whatComesTooFastGoesOutAgainAsItWasLaterAndLater() {
    answer(ack -> acks.size() <= 3 ? ack.with("error", 429) : ack);

    MessageId message = send();
    session.run(Duration.ofSeconds(30));

    assertThat(session.message(message).status()).isEqualTo(MessageStatus.SENT);
    assertThat(acks).hasSize(4);
    for (int i = 0; i < 3; i++) {
      assertThat(acks.get(i + 1).minus(acks.get(i)))
          .isBetween(Duration.ofMillis(500L << i), Duration.ofMillis(2500L << i));
    }
    isWell();
  }

  @Test
  void whatIsAlwaysTooFastFailsInTheEnd() {
    answer(ack -> ack.with("error", 429));

    MessageId message = send();
    session.run(Duration.ofMinutes(4));

    assertThat(session.message(message).status()).isEqualTo(MessageStatus.FAILED);
    assertThat(session.message(message).error()).isEqualTo("refused_429");
    assertThat(session.events("message.failed")).hasSize(1);
    assertThat(acks).hasSize(7);
    isWell();
  }

  @Test
  void whileWeAreTooFastNothingElseGoesOutAndThenEverythingInItsOrder() {
    answer(ack -> acks.size() <= 4 ? ack.with("error", 429) : ack);

    MessageId first = send();
    session.run(Duration.ofSeconds(1));
    MessageId second = send();
    session.run(Duration.ofSeconds(5));
    assertThat(session.message(first).status()).isEqualTo(MessageStatus.SENDING);
    assertThat(session.message(second).status()).isEqualTo(MessageStatus.QUEUED);

    session.run(Duration.ofSeconds(30));
    assertThat(session.message(first).status()).isEqualTo(MessageStatus.SENT);
    assertThat(session.message(second).status()).isEqualTo(MessageStatus.SENT);
    isWell();
  }

  @Test
  void oneThatIsRefusedForNowHoldsNoOtherUp() {
    answer(ack -> ack.is("id", CalmSession.outboundId(1)) ? ack.with("error", 503) : ack);

    MessageId first = send();
    session.run(Duration.ofSeconds(1));
    MessageId second = send();
    session.run(Duration.ofSeconds(2));
    assertThat(session.message(first).status()).isEqualTo(MessageStatus.SENDING);
    assertThat(session.message(second).status()).isEqualTo(MessageStatus.SENT);

    session.run(Duration.ofMinutes(4));
    assertThat(session.message(first).error()).isEqualTo("refused_503");
    isWell();
  }

  @Test
  void aRefusedCopySaysNothingOfTheOneWhoseAnswerWasLost() {
    answer(ack -> logins.get() == 0 ? Node.of("ib") : ack.with("error", 463));

    MessageId message = send();
    session.run(Duration.ofSeconds(5));
    session.whatsApp().endStream();
    session.run(Duration.ofMinutes(2));

    assertThat(session.message(message).status()).isEqualTo(MessageStatus.FAILED);
    assertThat(session.message(message).error()).isEqualTo(Message.OUTCOME_UNKNOWN);
    assertThat(session.events("message.failed")).hasSize(1);

    session.meddle(said -> said);
    session
        .whatsApp()
        .enqueue(
            Node.of("receipt").with("id", CalmSession.outboundId(1)).with("from", SimPeer.LID));
    session.run(Duration.ofSeconds(5));
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.DELIVERED);
  }

  @Test
  void aCopyThatGoesToStaleDevicesIsNotSentAnewEither() {
    answer(ack -> logins.get() == 0 ? Node.of("ib") : ack.with("error", 479));

    MessageId message = send();
    session.run(Duration.ofSeconds(5));
    session.whatsApp().endStream();
    session.run(Duration.ofMinutes(2));

    assertThat(session.message(message).error()).isEqualTo(Message.OUTCOME_UNKNOWN);
    assertThat(session.entriesWith("\"refused\"")).isZero();
  }

  @Test
  void whatWentToStaleDevicesGoesOutAnewInANewSession() {
    send();
    session.run(Duration.ofMinutes(1));
    session.whatsApp().write(); // and now the session is established on both sides
    session.run(Duration.ofSeconds(10));
    send();
    session.run(Duration.ofSeconds(10));
    assertThat(session.lastEncType()).isEqualTo("msg");

    session.setWeather(WireWeather.STALE);
    answer(
        ack -> {
          session.setWeather(WireWeather.FAIR);
          return ack;
        });
    MessageId message = send();
    session.run(Duration.ofSeconds(10));

    assertThat(session.message(message).status()).isEqualTo(MessageStatus.SENT);
    assertThat(acks).hasSize(2);
    assertThat(session.lastEncType()).isEqualTo("pkmsg");
    isWell();
  }
}

package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A device asks for a message again. */
@ExtendWith(QuietLogs.class)
class RetryTest {
  @Test
  void aQuestionIsAckedOnlyOnceItIsAnswered() {
    try (CalmSession session = new CalmSession()) {
      AtomicInteger refusals = askThroughARefusal(session);

      session.run(Duration.ofSeconds(10));
      assertThat(refusals).hasValue(1);
      assertThat(session.whatsApp().waiting()).hasSize(1);

      session.run(Duration.ofMinutes(1));
      assertThat(refusals).hasValue(2);
      assertThat(session.whatsApp().waiting()).isEmpty();
    }
  }

  @Test
  void whatCannotBeAnsweredWithoutAConnectionKeepsNobodyBusy() {
    try (CalmSession session = new CalmSession()) {
      AtomicInteger refusals = askThroughARefusal(session);
      session.run(Duration.ofSeconds(10));
      assertThat(refusals).hasValue(1);

      session.setWeather(WireWeather.UNREACHABLE);
      session.whatsApp().endStream();
      session.run(Duration.ofMinutes(1)); // until it is due to be tried again
      int turns = session.turns();
      session.run(Duration.ofMinutes(5));

      assertThat(session.turns() - turns).isLessThan(100);
    }
  }

  @Test
  void aRefusalOfTheAnswerIsNoneOfTheMessage() {
    try (CalmSession session = new CalmSession()) {
      session.connect();
      AtomicInteger acks = new AtomicInteger();
      session.meddle(
          said -> {
            boolean isAck = said.is("ack") && said.is("class", "message");
            boolean isReceipt = said.is("receipt") && !said.is("type", "retry");
            if (isAck && acks.incrementAndGet() > 1) {
              return said.with("error", 463);
            }
            return isAck || isReceipt ? Node.of("ib") : said; // as if it had got lost
          });
      MessageId message = session.accept();
      session.ring(List.of(message));
      session.run(Duration.ofSeconds(10));
      assertThat(session.message(message).status()).isEqualTo(MessageStatus.SENDING);

      Jid device = SimWhatsApp.OWN_LID.withDevice(1);
      session
          .whatsApp()
          .enqueue(session.whatsApp().peer().ask(CalmSession.outboundId(1), device).orElseThrow());
      session.run(Duration.ofSeconds(10));

      assertThat(acks).hasValue(2);
      assertThat(session.message(message).status()).isEqualTo(MessageStatus.SENT);
      assertThat(session.events("message.sent")).hasSize(1);
    }
  }

  @Test
  void aQuestionThatNeverCanBeAnsweredIsAckedInTheEnd() {
    try (CalmSession session = new CalmSession()) {
      AtomicInteger silences = new AtomicInteger();
      sendAndAskAgain(
          session,
          said -> {
            boolean isSilent = isBundle(said);
            silences.addAndGet(isSilent ? 1 : 0);
            return isSilent ? Node.of("ib") : said;
          });

      session.run(Duration.ofMinutes(10));

      assertThat(silences).hasValue(5);
      assertThat(session.whatsApp().waiting()).isEmpty();
      assertThat(session.row().status()).isEqualTo(InstanceStatus.CONNECTED);
    }
  }

  /** Has the peer ask again for a message, and WhatsApp refuse its keys the first time. */
  private static AtomicInteger askThroughARefusal(CalmSession session) {
    AtomicInteger refusals = new AtomicInteger();
    sendAndAskAgain(
        session,
        said ->
            isBundle(said) && refusals.getAndIncrement() == 0
                ? Node.of("iq")
                    .with("from", Jid.WHATSAPP)
                    .with("type", "error")
                    .with("id", said.requireAttr("id"))
                    .with(Node.of("error").with("code", 503))
                : said);
    return refusals;
  }

  /** Has the peer ask again for a message that it has, while what WhatsApp says is changed. */
  private static void sendAndAskAgain(CalmSession session, UnaryOperator<Node> change) {
    session.connect();
    MessageId message = session.accept();
    session.ring(List.of(message));
    session.run(Duration.ofMinutes(1));
    assertThat(session.message(message).status()).isIn(MessageStatus.DELIVERED, MessageStatus.READ);

    session.meddle(change);
    Jid device = SimWhatsApp.OWN_LID.withDevice(1);
    session.whatsApp().peer().ask(CalmSession.outboundId(1), device);
    Node asked = session.whatsApp().peer().ask(CalmSession.outboundId(1), device).orElseThrow();
    List<Node> withoutKeys = asked.children().stream().filter(child -> !child.is("keys")).toList();
    session.whatsApp().enqueue(asked.with(withoutKeys));
  }

  private static boolean isBundle(Node said) {
    return said.is("iq")
        && said.child("list").stream()
            .flatMap(list -> list.children("user").stream())
            .anyMatch(user -> user.hasChild("skey"));
  }
}

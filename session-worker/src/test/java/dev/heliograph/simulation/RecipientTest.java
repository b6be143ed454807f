package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What WhatsApp says of those whom we write to. */
@ExtendWith(QuietLogs.class)
class RecipientTest {
  private final CalmSession session = new CalmSession();

  @BeforeEach
  void connect() {
    session.connect();
  }

  @AfterEach
  void close() {
    session.close();
  }

  /** Has the answers to the question for devices changed: the recipient's part of them. */
  private void answer(UnaryOperator<Node> recipient) {
    session.meddle(
        said -> {
          if (!said.hasChild("usync")) {
            return said;
          }
          List<Node> users =
              said.requireChild("usync").requireChild("list").children().stream()
                  .map(user -> user.is("jid", SimPeer.PN.text()) ? recipient.apply(user) : user)
                  .toList();
          return said.with(List.of(Node.of("usync").with(Node.of("list").with(users))));
        });
  }

  private MessageId send() {
    MessageId message = session.accept();
    session.ring(List.of(message));
    session.run(Duration.ofSeconds(5));
    return message;
  }

  private static Node nobody() {
    return Node.of("user").with("jid", "491510000@s.whatsapp.net");
  }

  @Test
  void whoIsSaidToBeOutIsNotOnWhatsApp() {
    answer(
        user ->
            Node.of("user").with("jid", SimPeer.PN).with(Node.of("contact").with("type", "out")));

    assertThat(session.message(send()).error()).isEqualTo("not_on_whatsapp");
  }

  @Test
  void whoIsLeftOutOfAnAnswerIsAskedForAgain() {
    answer(user -> nobody());
    MessageId message = send();
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.QUEUED);

    session.meddle(said -> said);
    session.run(Duration.ofMinutes(1));
    assertThat(session.message(message).status())
        .isNotIn(MessageStatus.QUEUED, MessageStatus.FAILED);
  }

  @Test
  void whoseAnswerIsHalfIsAskedForAgain() {
    answer(user -> Node.of("user").with("jid", SimPeer.PN));
    MessageId message = send();
    assertThat(session.message(message).status()).isEqualTo(MessageStatus.QUEUED);

    session.meddle(said -> said);
    session.run(Duration.ofMinutes(1));
    assertThat(session.message(message).status())
        .isNotIn(MessageStatus.QUEUED, MessageStatus.FAILED);
  }

  @Test
  void whoWasOutAndHasJoinedIsFoundAtOnce() {
    answer(
        user ->
            Node.of("user").with("jid", SimPeer.PN).with(Node.of("contact").with("type", "out")));
    send();

    session.meddle(said -> said);
    assertThat(session.message(send()).status())
        .isNotIn(MessageStatus.QUEUED, MessageStatus.FAILED);
  }

  @Test
  void whoseQuestionIsNeverAnsweredBreaksTheConnectionLessAndLessOften() {
    AtomicInteger logins = new AtomicInteger();
    session.meddle(
        said -> {
          if (said.is("success")) {
            logins.incrementAndGet();
          }
          return said.hasChild("usync") ? Node.of("ib") : said;
        });
    MessageId message = session.accept();
    session.ring(List.of(message));

    session.run(Duration.ofMinutes(12));

    assertThat(session.message(message).error()).isEqualTo(Message.DEADLINE_EXCEEDED);
    assertThat(logins.get()).isBetween(2, 8);
  }
}

package dev.heliograph.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueMailboxTest {
  private static final InstanceId INSTANCE = new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZZ");
  private static final Mail.Stanza STANZA = new Mail.Stanza(1, Node.of("message"));
  private static final Mail.Look LOOK = new Mail.Look(List.of());

  private final QueueMailbox mailbox = new QueueMailbox();

  @Test
  void whatCameFirstIsTakenFirst() throws InterruptedException {
    mailbox.put(STANZA);
    mailbox.put(LOOK);

    assertThat(mailbox.poll(Duration.ZERO)).contains(STANZA);
    assertThat(mailbox.poll(Duration.ZERO)).contains(LOOK);
    assertThat(mailbox.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void aBatchEndsWhereSomethingElseThanAStanzaComes() {
    mailbox.put(STANZA);
    mailbox.put(LOOK);
    mailbox.put(STANZA);

    assertThat(mailbox.pollStanza()).contains(STANZA);
    assertThat(mailbox.pollStanza()).isEmpty();
  }

  @Test
  void ringsThatNobodyHasHeardAreOne() throws InterruptedException {
    mailbox.put(new Mail.Look(List.of(message(1), message(2))));
    mailbox.put(STANZA);
    mailbox.put(new Mail.Look(List.of(message(2), message(3))));

    assertThat(mailbox.size()).isEqualTo(2);
    assertThat(mailbox.poll(Duration.ZERO))
        .contains(new Mail.Look(List.of(message(1), message(2), message(3))));
    assertThat(mailbox.poll(Duration.ZERO)).contains(STANZA);

    mailbox.put(LOOK);
    assertThat(mailbox.poll(Duration.ZERO)).contains(LOOK);
  }

  @Test
  void howMuchRingsNameIsBoundedAndItIsTheEarliest() throws InterruptedException {
    for (int i = 9_999; i >= 0; i--) {
      mailbox.put(new Mail.Look(List.of(message(i))));
    }

    Mail.Look heard = (Mail.Look) mailbox.poll(Duration.ZERO).orElseThrow();
    assertThat(heard.messages()).hasSize(5000).startsWith(message(0)).endsWith(message(4_999));
  }

  @Test
  void whatIsNamedTwiceTakesNoRoomFromWhatFollows() throws InterruptedException {
    List<QueuePlace> all = IntStream.range(0, 4_000).mapToObj(QueueMailboxTest::message).toList();
    mailbox.put(new Mail.Look(all.subList(0, 3_000)));
    mailbox.put(new Mail.Look(all));

    assertThat(mailbox.poll(Duration.ZERO)).contains(new Mail.Look(all));
  }

  private static QueuePlace message(int number) {
    MessageId id = MessageId.outbound(INSTANCE, "OUT" + number);
    return new QueuePlace(Instant.ofEpochMilli(number), id);
  }

  @Test
  void stanzasFillItAndRingsDoNot() {
    for (int i = 0; i < 10_000; i++) {
      mailbox.put(LOOK);
    }
    assertThat(mailbox.isFull()).isFalse();

    for (int i = 0; i < 64; i++) {
      assertThat(mailbox.isFull()).isFalse();
      mailbox.put(STANZA);
    }
    assertThat(mailbox.isFull()).isTrue();
    assertThat(mailbox.isOverflowing()).isFalse();
  }

  @Test
  void aFewBigStanzasFillItAndItHasRoomAgainOnceTheyAreTaken() throws InterruptedException {
    mailbox.put(bigStanza(600_000));
    assertThat(mailbox.isFull()).isFalse();

    mailbox.put(bigStanza(600_000));
    assertThat(mailbox.isFull()).isTrue();
    assertThat(mailbox.isOverflowing()).isFalse();

    mailbox.poll(Duration.ZERO);
    assertThat(mailbox.isFull()).isFalse();
  }

  @Test
  void theLongestFrameAloneDoesNotOverflowItButMoreThanThatDoes() {
    mailbox.put(bigStanza(1 << 24));
    assertThat(mailbox.isFull()).isTrue();
    assertThat(mailbox.isOverflowing()).isFalse();

    mailbox.put(bigStanza(1 << 24));
    mailbox.put(bigStanza(1 << 24));
    assertThat(mailbox.isOverflowing()).isTrue();
  }

  @Test
  void manySmallNodesWeighWhatTheyTakeInMemory() {
    List<Node> items = Collections.nCopies(20_000, Node.of("item").with("id", "1"));

    mailbox.put(new Mail.Stanza(1, Node.of("receipt").with(Node.of("list").with(items))));

    assertThat(mailbox.isFull()).isTrue();
  }

  private static Mail.Stanza bigStanza(int bytes) {
    return new Mail.Stanza(1, Node.of("message").with(new byte[bytes]));
  }

  @Test
  void whoWaitsIsWoken() throws InterruptedException {
    Thread.ofVirtual().start(() -> mailbox.put(LOOK));

    assertThat(mailbox.poll(Duration.ofSeconds(30))).contains(LOOK);
  }

  @Test
  void itCanBeTakenWhole() {
    mailbox.put(STANZA);
    mailbox.put(LOOK);

    assertThat(mailbox.drain()).containsExactly(STANZA, LOOK);
    assertThat(mailbox.isFull()).isFalse();
  }
}

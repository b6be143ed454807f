package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.session.Mail;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ToldTest {
  private static final InstanceId INSTANCE = new InstanceId("inst_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  private static final Instant LOOKED = Instant.parse("2026-05-01T12:00:00Z");

  private final Told told = new Told(LOOKED);

  private static QueuePlace message(int number) {
    MessageId id = MessageId.outbound(INSTANCE, "M" + number);
    return new QueuePlace(LOOKED.plusMillis(number), id);
  }

  private static List<QueuePlace> messages(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(ToldTest::message).toList();
  }

  @Test
  void ofAnInstanceOfWhichNothingWaitedThereIsNothingOlder() {
    assertThat(told.upTo(INSTANCE)).isEqualTo(LOOKED);
    assertThat(told.add(INSTANCE, messages(1, 1), 7)).isEqualTo(messages(1, 1));
  }

  @Test
  void whatWasReadOnceIsNotReadAgainForAnySession() {
    told.add(INSTANCE, messages(1, 3), 7);
    told.read(INSTANCE, LOOKED.plusSeconds(1));
    told.heard(INSTANCE, 7);

    assertThat(told.upTo(INSTANCE)).isEqualTo(LOOKED.plusSeconds(1));
  }

  @Test
  void aSessionIsToldWhatItWasNotToldBefore() {
    told.add(INSTANCE, messages(1, 3), 7);
    told.heard(INSTANCE, 7);

    assertThat(told.add(INSTANCE, messages(4, 4), 7)).isEqualTo(messages(4, 4));
  }

  @Test
  void theNextSessionIsToldAllThatWaits() {
    told.add(INSTANCE, messages(1, 3), 7);
    told.heard(INSTANCE, 7);

    assertThat(told.add(INSTANCE, messages(4, 4), 8)).isEqualTo(messages(1, 4));
  }

  @Test
  void whatNoSessionWasThereToHearIsToldToTheFirst() {
    told.add(INSTANCE, messages(1, 3), 0);
    told.heard(INSTANCE, 0);

    assertThat(told.add(INSTANCE, List.of(), 0)).isEqualTo(messages(1, 3));
    assertThat(told.add(INSTANCE, List.of(), 7)).isEqualTo(messages(1, 3));
  }

  @Test
  void whatARingNamedBeforeTheIndexHadItComesToItsPlace() {
    told.add(INSTANCE, messages(3, 3), 7);
    told.add(INSTANCE, messages(1, 4), 7);

    assertThat(told.add(INSTANCE, List.of(), 8)).isEqualTo(messages(1, 4));
  }

  @Test
  void whatCameAfterTheCutIsToldByTheNextTickAndNotBeforeWhatWasCutOff() {
    int most = Mail.Look.MOST;
    assertThat(told.add(INSTANCE, messages(1, most + 2), 7)).isEqualTo(messages(1, most));
    told.heard(INSTANCE, 7);

    assertThat(told.add(INSTANCE, messages(most + 3, most + 3), 7)).isEmpty();
    assertThat(told.add(INSTANCE, List.of(), 8)).isEqualTo(messages(1, most));
    assertThat(told.upTo(INSTANCE)).isEqualTo(Instant.MAX); // there is no use in reading it
  }

  @Test
  void anEarlierOneIsToldInPlaceOfTheLastOfTooMany() {
    int most = Mail.Look.MOST;
    told.add(INSTANCE, messages(2, most + 1), 7);
    told.heard(INSTANCE, 7);

    assertThat(told.add(INSTANCE, messages(1, 1), 7)).isEqualTo(messages(1, 1));
    assertThat(told.add(INSTANCE, List.of(), 8)).isEqualTo(messages(1, most));
  }

  @Test
  void whatIsToldBitByBitIsCutOffAsWell() {
    int most = Mail.Look.MOST;
    told.add(INSTANCE, messages(1, most - 1), 7);
    told.heard(INSTANCE, 7);

    assertThat(told.add(INSTANCE, messages(most, most + 1), 7)).isEqualTo(messages(most, most));
    assertThat(told.add(INSTANCE, messages(most + 2, most + 2), 7)).isEmpty();
  }
}

package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.account.CustomerId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventsTest {
  // In a year when nothing of it expires while the test runs.
  private static final Instant NOW = Instant.parse("2100-05-01T12:34:56.789Z");

  @RegisterExtension static final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.EVENTS);

  private final InstanceId instance = InstanceId.draw(IdGenerator.random());
  private final CustomerId customer = CustomerId.draw(IdGenerator.random());
  private final Events events = at(NOW);

  @Test
  void whatWasRecordedIsFoundByteForByte() {
    StoredEvent event = event(1, "{\"text\": \"Grüße\"}");

    events.recordIfAbsent(event);

    assertThat(events.find(instance, 1)).contains(event);
    assertThat(events.find(instance, 2)).isEmpty();
  }

  @Test
  void theFirstOfASequenceStays() {
    StoredEvent event = event(1, "{}");
    events.recordIfAbsent(event);

    events.recordIfAbsent(event(1, "{\"other\":true}"));

    assertThat(events.find(instance, 1)).contains(event);
  }

  @Test
  void theyAreReadInTheirOrder() {
    for (long sequence : new long[] {3, 1, 10, 2}) {
      events.recordIfAbsent(event(sequence, "{}"));
    }

    assertThat(events.next(instance, 0, 100, true))
        .extracting(StoredEvent::sequence)
        .containsExactly(1L, 2L, 3L, 10L);
    assertThat(events.next(instance, 2, 100, true))
        .extracting(StoredEvent::sequence)
        .containsExactly(3L, 10L);
  }

  @Test
  void someAreReadAtATime() {
    for (long sequence : new long[] {1, 2, 5, 6}) {
      events.recordIfAbsent(event(sequence, "{}"));
    }
    events.park(instance, 4, "not JSON");

    assertThat(events.next(instance, 1, 2, false))
        .extracting(StoredEvent::sequence)
        .containsExactly(2L, 5L);
    assertThat(events.next(instance, 5, 2, true))
        .extracting(StoredEvent::sequence)
        .containsExactly(6L);
    assertThat(events.next(instance, 6, 2, true)).isEmpty();
    assertThat(events.last(instance)).isEqualTo(6);
    assertThat(events.last(InstanceId.draw(IdGenerator.random()))).isZero();
  }

  @Test
  void thoseBehindExpiredOnesAreFound() {
    for (long sequence = 1; sequence <= 5; sequence++) {
      events.recordIfAbsent(event(sequence, "{}"));
    }
    Events later = at(NOW.plus(Duration.ofDays(46)));
    later.recordIfAbsent(event(6, "{}"));

    assertThat(later.next(instance, 0, 2, false))
        .extracting(StoredEvent::sequence)
        .containsExactly(6L);
  }

  @Test
  void whatIsParkedIsNoEvent() {
    events.recordIfAbsent(event(1, "{}"));

    events.park(instance, 1, "no such type of event");
    events.park(instance, 4, "not JSON");
    events.park(instance, 4, "not JSON");

    assertThat(events.parked(instance))
        .isEqualTo(Map.of(1L, "no such type of event", 4L, "not JSON"));
    assertThat(events.next(instance, -10, 100, true)).hasSize(1);
  }

  @Test
  void whatHasExpiredIsNotThere() {
    events.recordIfAbsent(event(1, "{}"));
    Events later = at(NOW.plus(Duration.ofDays(46)));

    assertThat(later.find(instance, 1)).isEmpty();
    assertThat(later.next(instance, 0, 100, true)).isEmpty();
  }

  private StoredEvent event(long sequence, String json) {
    return new StoredEvent(
        instance,
        sequence,
        EventId.of(instance, sequence, 0),
        customer,
        EventType.MESSAGE_RECEIVED,
        json);
  }

  private static Events at(Instant now) {
    return new Events(dynamoDb.client(), dynamoDb.prefix(), () -> now);
  }
}

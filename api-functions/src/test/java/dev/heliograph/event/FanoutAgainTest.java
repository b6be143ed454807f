package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.api.NoContext;
import dev.heliograph.event.EventData.InstanceDeleted;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Journal;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import dev.heliograph.webhook.EndpointUrl;
import dev.heliograph.webhook.LocalWebhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;

class FanoutAgainTest {
  private static final EndpointUrl ANYWHERE = new EndpointUrl("http://127.0.0.1:1/");

  @RegisterExtension
  final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(
          Tables.INSTANCES,
          Tables.JOURNAL,
          Tables.EVENTS,
          Tables.WEBHOOK_ENDPOINTS,
          Tables.WEBHOOK_DELIVERIES);

  @RegisterExtension
  final LocalSqs sqs = LocalSqs.with(Queues.WEBHOOK_DELIVERIES, Queues.WEBHOOK_DELIVERIES_DEAD);

  private LocalWebhooks webhooks;
  private LocalWebhooks other;
  private Instances instances;
  private Journal journal;
  private FanoutAgain again;

  @BeforeEach
  void setUp() {
    webhooks = new LocalWebhooks(dynamoDb, sqs);
    other = new LocalWebhooks(dynamoDb, sqs);
    instances = new Instances(dynamoDb.client(), dynamoDb.prefix(), webhooks.clock);
    journal = new Journal(dynamoDb.client(), dynamoDb.prefix());
    EventFanout fanout =
        new EventFanout(webhooks.events, webhooks.endpoints, webhooks.deliveries, webhooks.clock);
    again = new FanoutAgain(instances, journal, fanout, webhooks.queue);
    for (LocalWebhooks each : List.of(webhooks, other)) {
      instances.create(
          Instance.created(
              each.instance, each.customer, "n", Metadata.EMPTY, 3, each.clock.instant()));
    }
  }

  @Test
  void whatTheStreamHasLostIsFannedOutFromTheJournal() {
    webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of());
    Instant now = webhooks.clock.instant();
    append(webhooks, 1, now.minus(Duration.ofDays(3)));
    append(webhooks, 2, now);
    append(webhooks, 3, now.plusSeconds(1));
    append(other, 1, now);
    journal.put(new Checkpoint(webhooks.instance, 2, "{}"));

    again.since(now.minus(Duration.ofDays(1)));
    again.since(now.minus(Duration.ofDays(1)));

    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true))
        .extracting(StoredEvent::sequence)
        .containsExactly(2L, 3L);
    assertThat(webhooks.events.next(other.instance, 0, 100, true)).hasSize(1);
    assertThat(Set.copyOf(webhooks.rings())).hasSize(2);
  }

  @Test
  void anEndpointGetsNothingFromBeforeItsTime() {
    Instant before = webhooks.clock.instant();
    append(webhooks, 1, before);
    webhooks.clock.advance(Duration.ofHours(1));
    webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of());

    again.since(before);

    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true)).hasSize(1);
    assertThat(webhooks.rings()).isEmpty();
  }

  @Test
  void whatTakesLongerThanACallGoesOnWithTheNextOne() {
    Instant now = webhooks.clock.instant();
    append(webhooks, 1, now);
    append(other, 1, now);
    AtomicInteger asked = new AtomicInteger();

    InstanceId done = again.since(now, null, () -> asked.incrementAndGet() == 1).orElseThrow();

    assertThat(done).isIn(webhooks.instance, other.instance);
    assertThat(fannedOut()).isEqualTo(1);
    Map<String, String> input = Map.of("since", now.toString(), "after", done.value());
    assertThat(new FanoutAgainHandler(again).handleRequest(input, new NoContext())).isEmpty();
    assertThat(fannedOut()).isEqualTo(2);
  }

  private int fannedOut() {
    return webhooks.events.next(webhooks.instance, 0, 100, true).size()
        + webhooks.events.next(other.instance, 0, 100, true).size();
  }

  private void append(LocalWebhooks of, long seq, Instant at) {
    String event =
        EventJson.write(
            new Event(
                EventId.of(of.instance, seq, 0),
                EventType.INSTANCE_DELETED,
                at,
                of.instance,
                of.customer,
                seq,
                new InstanceDeleted(true)));
    Entry entry =
        new Entry(
            of.instance,
            seq,
            "entry-" + seq,
            of.customer,
            at,
            null,
            List.of(event),
            "[]",
            SdkBytes.fromUtf8String("sealed"));
    assertThat(journal.put(entry)).isEmpty();
  }
}

package dev.heliograph.webhook;

import dev.heliograph.account.CustomerId;
import dev.heliograph.config.Secret;
import dev.heliograph.event.EventId;
import dev.heliograph.event.EventType;
import dev.heliograph.event.Events;
import dev.heliograph.event.StoredEvent;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.json.Json;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.webhook.ClaimOutcome.Begun;
import dev.heliograph.webhook.ClaimOutcome.NotDue;
import dev.heliograph.webhook.ClaimOutcome.UnderWay;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** The parts of this package over local tables and queues, and a clock that is moved by hand. */
public final class LocalWebhooks {
  public final MovableClock clock = new MovableClock();
  public final CustomerId customer = CustomerId.draw(IdGenerator.random());
  public final InstanceId instance = InstanceId.draw(IdGenerator.random());
  public final Endpoints endpoints;
  public final Deliveries deliveries;
  public final Events events;
  public final DeliveryQueue queue;
  public final DeliverySender sender;
  private final LocalSqs sqs;
  private final Map<DeliveryId, DeliveryRing> born = new HashMap<>();
  private final AtomicLong sequence = new AtomicLong();

  public LocalWebhooks(LocalDynamoDb dynamoDb, LocalSqs sqs) {
    this(dynamoDb, sqs, new DeliveryQueue(sqs.client(), sqs.prefix()));
  }

  LocalWebhooks(LocalDynamoDb dynamoDb, LocalSqs sqs, DeliveryQueue queue) {
    SecretSeal seal = new SecretSeal(() -> new Secret("a key that is long enough"));
    this.sqs = sqs;
    this.queue = queue;
    endpoints =
        new Endpoints(dynamoDb.client(), dynamoDb.prefix(), seal, IdGenerator.random(), clock);
    deliveries = new Deliveries(dynamoDb.client(), dynamoDb.prefix(), clock);
    events = new Events(dynamoDb.client(), dynamoDb.prefix(), clock);
    sender = senderOver(events);
  }

  /** A sender that looks for events there. */
  DeliverySender senderOver(Events events) {
    return new DeliverySender(
        deliveries,
        endpoints,
        events,
        new WebhookClient(
            new AddressGuard(HostResolver.system(), List.of(Cidr.parse("127.0.0.0/8"))),
            tls(),
            Duration.ofSeconds(10)),
        new RetrySchedule(RetrySchedule.DELAYS, new Random(1)),
        queue,
        clock);
  }

  /** A new event, as fan-out found it. */
  StoredEvent event() {
    long next = sequence.incrementAndGet();
    EventId id = EventId.of(instance, next, 0);
    String json = Json.write(Json.object().put("id", id.value()).put("sequence", next));
    StoredEvent event =
        new StoredEvent(instance, next, id, customer, EventType.MESSAGE_RECEIVED, json);
    events.recordIfAbsent(event);
    return event;
  }

  /** A new event on its way to the endpoint. */
  Delivery delivery(Endpoint endpoint) {
    Delivery delivery = Delivery.of(event(), endpoint.id(), clock.instant());
    born.put(delivery.id(), deliveries.createIfAbsent(delivery));
    return delivery;
  }

  /** The ring that went out when the delivery was born. */
  DeliveryRing firstRing(Delivery delivery) {
    return Objects.requireNonNull(born.get(delivery.id()));
  }

  /** Brings {@link #firstRing}, for the first time or again. */
  void send(Delivery delivery) {
    sender.send(firstRing(delivery));
  }

  /** Begins an attempt, of which nothing more is heard unless the caller ends it. */
  Attempt begin(Delivery delivery) {
    return switch (deliveries.claim(firstRing(delivery))) {
      case Begun(Attempt attempt) -> attempt;
      case UnderWay _, NotDue _ -> throw new AssertionError("no attempt can begin");
    };
  }

  Delivery row(Delivery delivery) {
    return deliveries.find(delivery.id()).orElseThrow();
  }

  /** The deliveries that were rung for, and are not delayed. */
  public List<DeliveryId> rings() {
    return takeRings().stream().map(DeliveryRing::delivery).toList();
  }

  /** What the queue would bring now. */
  List<DeliveryRing> takeRings() {
    return sqs.takeAll(Queues.WEBHOOK_DELIVERIES).stream().map(DeliveryQueue::parse).toList();
  }

  private static SSLContext tls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

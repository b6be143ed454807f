package dev.heliograph.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.PublicEntry;
import dev.heliograph.json.Json;
import dev.heliograph.json.MalformedJsonException;
import dev.heliograph.webhook.Deliveries;
import dev.heliograph.webhook.Delivery;
import dev.heliograph.webhook.DeliveryRing;
import dev.heliograph.webhook.Endpoint;
import dev.heliograph.webhook.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Writes the events of an entry, and a delivery for each endpoint that wants them. All of it by
 * derived ids and only if absent: to do it again changes nothing.
 */
public final class EventFanout {
  private static final Logger log = LoggerFactory.getLogger(EventFanout.class);

  /** An entry's time is a worker's, an endpoint's the API's. */
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);

  private static final CustomerId NOBODY = new CustomerId("cust_" + "0".repeat(26));

  private final Events events;
  private final Endpoints endpoints;
  private final Deliveries deliveries;
  private final InstantSource clock;

  /** With everything given. */
  public EventFanout(
      Events events, Endpoints endpoints, Deliveries deliveries, InstantSource clock) {
    this.events = events;
    this.endpoints = endpoints;
    this.deliveries = deliveries;
    this.clock = clock;
  }

  /** Asks for the endpoints of a customer that there is not, as the first entry of another does. */
  void lookUpNobody() {
    endpoints.list(NOBODY);
  }

  /** The entries of one batch, which know the same endpoints. */
  Batch batch() {
    return new Batch();
  }

  /** See {@link #batch()}. */
  final class Batch {
    private final Map<CustomerId, List<Endpoint>> known = new HashMap<>();

    private Batch() {}

    /**
     * Fans one entry out. An event that makes no sense, or that DynamoDB will never take, is parked
     * with its error, alone.
     *
     * @return what is to be rung for, be it new or not: an earlier run may not have come so far
     */
    List<DeliveryRing> fanOut(PublicEntry entry) {
      List<DeliveryRing> rings = new ArrayList<>();
      for (String json : entry.events()) {
        try {
          rings.addAll(fanOut(parse(entry, json), entry.at()));
        } catch (MalformedEventException malformed) {
          park(entry.instance(), entry.seq(), String.valueOf(malformed.getMessage()));
        } catch (SdkException answered) {
          if (!isForGood(answered)) {
            throw answered;
          }
          parkFor(answered, entry);
        } catch (RuntimeException defect) {
          parkFor(defect, entry);
        }
      }
      return rings;
    }

    /** Whether DynamoDB says of an item that it is too big or otherwise impossible. */
    private static boolean isForGood(SdkException failure) {
      return failure instanceof DynamoDbException answered
          && answered.awsErrorDetails() != null
          && "ValidationException".equals(answered.awsErrorDetails().errorCode());
    }

    private void parkFor(RuntimeException failure, PublicEntry entry) {
      log.atError().setCause(failure).log("an event cannot be fanned out");
      park(entry.instance(), entry.seq(), failure.getClass().getSimpleName());
    }

    private List<DeliveryRing> fanOut(StoredEvent event, Instant at) {
      events.recordIfAbsent(event);
      List<DeliveryRing> rings = new ArrayList<>();
      for (Endpoint endpoint : endpointsOf(event.customer())) {
        if (endpoint.wants(event.type()) && wasThere(endpoint, at)) {
          Delivery delivery = Delivery.of(event, endpoint.id(), clock.instant());
          rings.add(deliveries.createIfAbsent(delivery));
        }
      }
      return rings;
    }

    /** Fan-out may be late, or be run again: what happened before an endpoint is not for it. */
    private static boolean wasThere(Endpoint endpoint, Instant at) {
      return endpoint.createdAt().isBefore(at.plus(CLOCK_SLACK));
    }

    private List<Endpoint> endpointsOf(CustomerId customer) {
      return known.computeIfAbsent(customer, endpoints::list);
    }
  }

  /** Puts an entry aside for a human to look at; the journal still has it. */
  void park(InstanceId instance, long seq, String error) {
    log.atError()
        .addKeyValue("instance", instance)
        .addKeyValue("seq", seq)
        .addKeyValue("error", error)
        .log("entry parked");
    events.park(instance, seq, error);
  }

  private static StoredEvent parse(PublicEntry entry, String text) {
    try {
      JsonNode json = Json.read(text);
      if (!json.path("instance_id").asText().equals(entry.instance().value())) {
        throw new MalformedEventException("the event is another instance's");
      }
      if (!json.path("customer_id").asText().equals(entry.customer().value())) {
        throw new MalformedEventException("the event is another customer's");
      }
      return new StoredEvent(
          entry.instance(),
          sequence(json),
          new EventId(json.path("id").asText()),
          entry.customer(),
          EventType.parse(json.path("type").asText())
              .orElseThrow(() -> new MalformedEventException("no such type of event")),
          text);
    } catch (MalformedJsonException | IllegalArgumentException e) {
      throw new MalformedEventException(String.valueOf(e.getMessage()));
    }
  }

  private static long sequence(JsonNode json) {
    long sequence = json.path("sequence").asLong();
    if (sequence < 1) {
      throw new MalformedEventException("the event has no sequence");
    }
    return sequence;
  }

  /** A text in the journal is not an event. Its message quotes nothing of it. */
  private static final class MalformedEventException extends RuntimeException {
    MalformedEventException(String message) {
      super(message);
    }
  }
}

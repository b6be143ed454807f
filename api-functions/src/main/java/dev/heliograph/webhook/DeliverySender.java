package dev.heliograph.webhook;

import dev.heliograph.event.Events;
import dev.heliograph.event.StoredEvent;
import dev.heliograph.table.NotAcknowledgedException;
import dev.heliograph.webhook.AttemptOutcome.Delivered;
import dev.heliograph.webhook.AttemptOutcome.Failed;
import dev.heliograph.webhook.ClaimOutcome.Begun;
import dev.heliograph.webhook.ClaimOutcome.NotDue;
import dev.heliograph.webhook.ClaimOutcome.UnderWay;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes one attempt at a delivery, and sees to the next one. */
public final class DeliverySender {
  private static final Logger log = LoggerFactory.getLogger(DeliverySender.class);

  private final Deliveries deliveries;
  private final Endpoints endpoints;
  private final Events events;
  private final WebhookClient client;
  private final RetrySchedule schedule;
  private final DeliveryQueue queue;
  private final InstantSource clock;

  DeliverySender(
      Deliveries deliveries,
      Endpoints endpoints,
      Events events,
      WebhookClient client,
      RetrySchedule schedule,
      DeliveryQueue queue,
      InstantSource clock) {
    this.deliveries = deliveries;
    this.endpoints = endpoints;
    this.events = events;
    this.client = client;
    this.schedule = schedule;
    this.queue = queue;
    this.clock = clock;
  }

  /** Sends nothing if the delivery is settled, is somebody else's just now, or is not yet due. */
  void send(DeliveryRing ring) {
    deliveries.underWayFor(ring).ifPresentOrElse(this::make, () -> begin(ring));
  }

  private void begin(DeliveryRing ring) {
    switch (deliveries.claim(ring)) {
      case Begun(Attempt attempt) -> make(attempt);
      // Whoever is at it may have died, or lost the answer to a write, and then this was the ring.
      case UnderWay(Instant until) ->
          queue.ringAfter(
              Duration.between(clock.instant(), until), DeliveryRing.of(ring.delivery()));
      case NotDue _ -> {}
    }
  }

  private void make(Attempt attempt) {
    try {
      work(attempt);
    } catch (SdkException | NotAcknowledgedException unavailable) {
      // Its queue message brings it back, and it has cost the endpoint none of its attempts.
      throw unavailable;
    } catch (RuntimeException defect) {
      // Thrown on, it would be tried without a pause, and then lie in the dead-letter queue.
      log.atError()
          .addKeyValue("delivery", attempt.delivery().id())
          .setCause(defect)
          .log("an attempt ended in a defect");
      tryAgainLater(attempt, "internal_error");
    }
  }

  private void work(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    Optional<Endpoint> endpoint = endpoints.find(delivery.customer(), delivery.endpoint());
    Optional<StoredEvent> event = events.find(delivery.instance(), delivery.sequence());
    if (endpoint.isEmpty()) {
      deliveries.cancelled(attempt, "endpoint_deleted");
    } else if (event.isEmpty()) {
      deliveries.cancelled(attempt, "event_expired");
    } else {
      switch (post(endpoint.get(), event.get())) {
        case Delivered _ -> deliveries.delivered(attempt);
        case Failed failed -> tryAgainLater(attempt, failed.error());
      }
    }
  }

  private AttemptOutcome post(Endpoint endpoint, StoredEvent event) {
    SigningSecret secret;
    try {
      secret = endpoints.secretOf(endpoint);
    } catch (UnreadableSecretException wrongKey) {
      log.atError()
          .addKeyValue("endpoint", endpoint.id())
          .log("a signing secret cannot be opened: HELIOGRAPH_SECRET_KEY has changed");
      return new Failed("secret_unreadable");
    }
    Map<String, String> headers =
        Signature.headers(secret, event.id().value(), clock.instant(), event.json());
    return client.post(endpoint.url(), headers, event.json());
  }

  private void tryAgainLater(Attempt attempt, String error) {
    Delivery delivery = attempt.delivery();
    int attempts = delivery.attempts() + 1;
    log.atInfo()
        .addKeyValue("delivery", delivery.id())
        .addKeyValue("endpoint", delivery.endpoint())
        .addKeyValue("attempt", attempts)
        .addKeyValue("error", error)
        .log("delivery failed");
    Optional<Duration> delay = schedule.delayAfter(attempts);
    if (delay.isEmpty()) {
      deliveries.exhausted(attempt, error);
      return;
    }
    Instant next = clock.instant().plus(delay.get());
    if (delay.get().compareTo(DeliveryQueue.MAX_DELAY) > 0) {
      deliveries.retry(attempt, error, next, next);
    } else {
      deliveries.retry(attempt, error, next, next.plus(Deliveries.RING_GRACE));
      ringAfter(delay.get(), delivery.id());
    }
  }

  private void ringAfter(Duration delay, DeliveryId delivery) {
    try {
      queue.ringAfter(delay, DeliveryRing.of(delivery));
    } catch (SdkException unheard) {
      // The row is written: the janitor rings in its place.
      log.atWarn().addKeyValue("delivery", delivery).setCause(unheard).log("ring lost");
    }
  }
}

package dev.heliograph.webhook;

import dev.heliograph.event.Events;
import dev.heliograph.event.StoredEvent;
import dev.heliograph.table.NotAcknowledgedException;
import dev.heliograph.webhook.AttemptOutcome.Delivered;
import dev.heliograph.webhook.AttemptOutcome.Failed;
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
  void send(DeliveryId id) {
    deliveries.claim(id).ifPresentOrElse(this::attempt, () -> lookAgainAfterAnAttempt(id));
  }

  /** Whoever is at it may have died, or lost the answer to a write, and then this was the ring. */
  private void lookAgainAfterAnAttempt(DeliveryId id) {
    deliveries
        .underWayUntil(id)
        .ifPresent(end -> queue.ringAfter(Duration.between(clock.instant(), end), id));
  }

  private void attempt(Delivery delivery) {
    try {
      work(delivery);
    } catch (SdkException | NotAcknowledgedException unavailable) {
      throw unavailable; // its queue message brings it back
    } catch (RuntimeException defect) {
      // Thrown on, it would be tried without a pause, and then lie in the dead-letter queue.
      log.atError()
          .addKeyValue("delivery", delivery.id())
          .setCause(defect)
          .log("an attempt ended in a defect");
      tryAgainLater(delivery, "internal_error");
    }
  }

  private void work(Delivery delivery) {
    Optional<Endpoint> endpoint = endpoints.find(delivery.customer(), delivery.endpoint());
    Optional<StoredEvent> event = events.find(delivery.instance(), delivery.sequence());
    if (endpoint.isEmpty()) {
      deliveries.settle(delivery, DeliveryStatus.CANCELLED, "endpoint_deleted");
    } else if (event.isEmpty()) {
      deliveries.settle(delivery, DeliveryStatus.CANCELLED, "event_expired");
    } else {
      switch (post(endpoint.get(), event.get())) {
        case Delivered _ -> deliveries.delivered(delivery);
        case Failed failed -> tryAgainLater(delivery, failed.error());
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

  private void tryAgainLater(Delivery delivery, String error) {
    log.atInfo()
        .addKeyValue("delivery", delivery.id())
        .addKeyValue("endpoint", delivery.endpoint())
        .addKeyValue("attempt", delivery.attempts())
        .addKeyValue("error", error)
        .log("delivery failed");
    Optional<Duration> delay = schedule.delayAfter(delivery.attempts());
    if (delay.isEmpty()) {
      deliveries.settle(delivery, DeliveryStatus.EXHAUSTED, error);
      return;
    }
    Instant next = clock.instant().plus(delay.get());
    if (delay.get().compareTo(DeliveryQueue.MAX_DELAY) > 0) {
      deliveries.retry(delivery, error, next, next);
    } else {
      deliveries.retry(delivery, error, next, next.plus(Deliveries.RING_GRACE));
      ringAfter(delay.get(), delivery.id());
    }
  }

  private void ringAfter(Duration delay, DeliveryId delivery) {
    try {
      queue.ringAfter(delay, delivery);
    } catch (SdkException unheard) {
      // The row is written: the janitor rings in its place.
      log.atWarn().addKeyValue("delivery", delivery).setCause(unheard).log("ring lost");
    }
  }
}

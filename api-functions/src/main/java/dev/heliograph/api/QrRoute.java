package dev.heliograph.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.account.CustomerId;
import dev.heliograph.command.Doorbell;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.QrCode;
import dev.heliograph.instance.QrImage;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Json;
import dev.heliograph.json.Timestamps;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Shows the QR code of an instance. Nothing connects until someone asks, and this is asking: an
 * instance that has none is started, and waited for.
 */
public final class QrRoute {
  /** Within the gateway's 30 seconds, and about as long as a person looks at a spinner. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
  private static final int RETRY_AFTER_SECONDS = 2;

  private final Instances instances;
  private final Sightings sightings;
  private final Doorbell doorbell;
  private final Duration patience;
  private final InstantSource clock;

  /** With everything given; {@code patience} is {@link #PATIENCE} but in tests. */
  public QrRoute(
      Instances instances,
      Sightings sightings,
      Doorbell doorbell,
      Duration patience,
      InstantSource clock) {
    this.instances = instances;
    this.sightings = sightings;
    this.doorbell = doorbell;
    this.patience = patience;
    this.clock = clock;
  }

  ApiResponse get(CustomerId customer, PathParameters path, ApiRequest request) {
    InstanceId id = path.instance();
    long deadline = System.nanoTime() + patience.toNanos();
    boolean started = false;
    while (true) {
      Instance instance = instances.find(customer, id).orElseThrow(NotFound::instance);
      Optional<QrCode> qr = current(sightings.of(instance));
      if (qr.isPresent()) {
        return ApiResponse.ok(json(qr.get()));
      }
      if (!started && isStartable(instance)) {
        start(customer, instance);
        started = true;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw ApiException.conflictFor(
            RETRY_AFTER_SECONDS, "qr_not_ready", "There is no QR code yet. Ask again soon.");
      }
      pause();
    }
  }

  /** The code to be scanned now; nothing if there may be one soon. */
  private Optional<QrCode> current(Instance instance) {
    return switch (instance.status()) {
      case PENDING, CONNECTING -> Optional.empty();
      case QR -> Optional.ofNullable(instance.qr()).filter(qr -> !qr.isExpired(clock.instant()));
      case CONNECTED ->
          throw ApiException.conflict("already_connected", "The instance is connected.");
      case DISCONNECTED ->
          throw ApiException.conflict(
              "already_paired",
              ("The instance is paired, and connects without a scan: by itself, or after POST"
                      + " /v1/instances/%1$s/connect if it was disconnected. To pair it anew, first"
                      + " POST /v1/instances/%1$s/logout.")
                  .formatted(instance.id()));
      case FAILED -> {
        if (instance.statusReason() == StatusReason.LOGGED_OUT) {
          yield Optional.empty();
        }
        throw ApiException.conflict(
            "reset_required",
            "The instance has failed with its pairing kept. To pair it anew, first"
                + " POST /v1/instances/%s/logout.".formatted(instance.id()));
      }
    };
  }

  /** Whether nothing is under way: of the other states {@link #current} has disposed. */
  private static boolean isStartable(Instance instance) {
    return switch (instance.status()) {
      case PENDING, FAILED -> true;
      case QR, CONNECTING, CONNECTED, DISCONNECTED -> false;
    };
  }

  private void start(CustomerId customer, Instance instance) {
    // A wish that nobody has used up need not be wished again; it may just not have been heard.
    Instance wished =
        instance.isStartWished()
            ? instance
            : instances
                .wish(customer, instance.id(), Desired.RUNNING)
                .orElseThrow(NotFound::instance);
    doorbell.ring(wished.id(), wished.shard());
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.conflictFor(RETRY_AFTER_SECONDS, "qr_not_ready", "Ask again soon.");
    }
  }

  private static JsonNode json(QrCode qr) {
    return Json.object()
        .put("qr", QrImage.pngDataUrl(qr.raw()))
        .put("raw", qr.raw())
        .put("expires_at", Timestamps.format(qr.expiresAt()));
  }
}

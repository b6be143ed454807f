package dev.heliograph.event;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.CustomerId;
import dev.heliograph.api.ApiException;
import dev.heliograph.api.NotFound;
import dev.heliograph.instance.Instances;
import dev.heliograph.json.Json;
import dev.heliograph.table.Answers;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams events to customers as server-sent events, out of the table of events: it matters to
 * nobody which process does it, or who owns the instance. What is refused is answered as the API
 * does it.
 */
public final class EventStreams implements AutoCloseable {
  /** Where a stream is asked for. */
  public static final String PATH = "/v1/events/stream";

  private static final long SECONDS_TO_END = 5;

  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

  private final StreamSource source;
  private final EventStreamMetrics metrics;
  private final StreamPace pace;
  private final int most;
  private final Semaphore free;
  private final Set<CountDownLatch> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  /**
   * With everything given.
   *
   * @param most so many streams at a time; more are refused
   */
  public EventStreams(
      Accounts accounts, Instances instances, Events events, EventStreamMetrics metrics, int most) {
    this(new StreamSource(accounts, instances, events), metrics, StreamPace.DEFAULT, most);
  }

  EventStreams(StreamSource source, EventStreamMetrics metrics, StreamPace pace, int most) {
    this.source = source;
    this.metrics = metrics;
    this.pace = pace;
    this.most = most;
    this.free = new Semaphore(most);
  }

  /** Answers a request for {@link #PATH}. To be called on its event loop, which it leaves. */
  public void answer(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      refuse(request.response(), ApiException.methodNotAllowed("GET"));
    } else if (!free.tryAcquire()) {
      refuse(request.response(), ApiException.tooManyStreams());
    } else {
      CountDownLatch over = new CountDownLatch(1);
      request
          .response()
          .closeHandler(gone -> over.countDown())
          .exceptionHandler(broken -> over.countDown());
      Thread.ofVirtual().name("event-stream").start(() -> serve(request, over));
    }
  }

  /** Answers that a request cannot be granted. */
  static void refuse(HttpServerResponse response, ApiException error) {
    refuse(response, error, UUID.randomUUID().toString());
  }

  private static void refuse(HttpServerResponse response, ApiException error, String requestId) {
    error.headers().forEach(response::putHeader);
    response
        .setStatusCode(error.status())
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(Json.write(error.toJson(requestId)));
  }

  private void serve(HttpServerRequest request, CountDownLatch over) {
    open.add(over);
    if (closing) {
      over.countDown();
    }
    try {
      stream(request, over);
    } finally {
      open.remove(over);
      free.release();
    }
  }

  private void stream(HttpServerRequest request, CountDownLatch over) {
    HttpServerResponse response = request.response();
    String requestId = UUID.randomUUID().toString();
    try {
      EventStream stream = open(request, over);
      metrics.opened();
      try {
        stream.run();
      } finally {
        metrics.closed();
      }
      end(response);
    } catch (ApiException refused) {
      refuse(response, refused, requestId);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      end(response);
    } catch (RuntimeException failure) {
      failed(response, failure, requestId);
    }
  }

  private EventStream open(HttpServerRequest request, CountDownLatch over) {
    ApiKey key =
        Optional.ofNullable(request.getHeader("Authorization"))
            .flatMap(ApiKey::inAuthorization)
            .orElseThrow(ApiException::unauthorized);
    CustomerId customer = source.owner(key).orElseThrow(ApiException::unauthorized);
    StreamRequest wanted = StreamRequest.of(request);
    if (!source.has(customer, wanted.instance())) {
      throw NotFound.instance();
    }
    Long after = wanted.after();
    long last = after == null ? source.last(wanted.instance()) : after;
    HttpServerResponse response =
        request
            .response()
            .setChunked(true)
            .putHeader("Content-Type", "text/event-stream")
            .putHeader("Cache-Control", "no-store")
            // nginx and its like would collect it.
            .putHeader("X-Accel-Buffering", "no");
    return new EventStream(
        source, pace, metrics, response, over, key, customer, wanted.instance(), last);
  }

  /** A client that has begun to read comes again, and goes on from where it was. */
  private static void failed(
      HttpServerResponse response, RuntimeException failure, String requestId) {
    boolean isUnavailable = Answers.isUnavailable(failure);
    (isUnavailable ? log.atWarn() : log.atError())
        .addKeyValue("request_id", requestId)
        .setCause(failure)
        .log("event stream failed");
    if (response.headWritten()) {
      end(response);
    } else {
      refuse(
          response,
          isUnavailable ? ApiException.unavailable() : ApiException.internalError(),
          requestId);
    }
  }

  private static void end(HttpServerResponse response) {
    if (!response.closed() && !response.ended()) {
      response.end();
    }
  }

  /** Ends all streams, each after what it is writing, and takes no more. */
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    open.forEach(CountDownLatch::countDown);
    try {
      // What a client does not take by then goes with the connection.
      if (!free.tryAcquire(most, SECONDS_TO_END, TimeUnit.SECONDS)) {
        log.atWarn().addKeyValue("streams", open.size()).log("event streams did not end in time");
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }
}

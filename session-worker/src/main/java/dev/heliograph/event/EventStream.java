package dev.heliograph.event;

import dev.heliograph.account.ApiKey;
import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One customer's stream, on a thread of its own. Each write is waited for, so that what a client
 * does not read is not fetched for it either.
 */
final class EventStream {
  /** A client comes again after this, and need not think of it: milliseconds. */
  private static final int RETRY = 2000;

  private static final String HEARTBEAT = ":\n\n";

  private final StreamSource source;
  private final StreamPace pace;
  private final EventStreamMetrics metrics;
  private final HttpServerResponse response;
  private final CountDownLatch over;
  private final ApiKey key;
  private final CustomerId customer;
  private final InstanceId instance;

  private long last;
  private long written = System.nanoTime();
  private long keyChecked = System.nanoTime();

  /**
   * A stream that has not begun.
   *
   * @param over ends it
   * @param last the sequence of the last event that is not wanted
   */
  EventStream(
      StreamSource source,
      StreamPace pace,
      EventStreamMetrics metrics,
      HttpServerResponse response,
      CountDownLatch over,
      ApiKey key,
      CustomerId customer,
      InstanceId instance,
      long last) {
    this.source = source;
    this.pace = pace;
    this.metrics = metrics;
    this.response = response;
    this.over = over;
    this.key = key;
    this.customer = customer;
    this.instance = instance;
    this.last = last;
  }

  /** Returns when it is over, the client is gone, its key is, or the instance has had its last. */
  void run() throws InterruptedException {
    // An id without data is no event, but where the client resumes that has had none.
    boolean goesOn = write("retry: %d\nid: %d\n\n".formatted(RETRY, last));
    long pause = 0;
    while (goesOn && !over.await(pause, TimeUnit.NANOSECONDS)) {
      long before = last;
      goesOn = isKeyGood() && sendNext() && beat();
      pause = last > before ? 0 : pace.poll().toNanos();
    }
  }

  private boolean isKeyGood() {
    if (System.nanoTime() - keyChecked < pace.keyCheck().toNanos()) {
      return true;
    }
    keyChecked = System.nanoTime();
    return source.owner(key).equals(Optional.of(customer));
  }

  private boolean sendNext() {
    for (StoredEvent event : source.next(instance, last)) {
      if (over.getCount() == 0 || !write(toText(event))) {
        return false;
      }
      last = event.sequence();
      metrics.streamed();
      if (event.type() == EventType.INSTANCE_DELETED) {
        return false;
      }
    }
    return true;
  }

  /** Its JSON has no line breaks: those in texts are escaped. */
  private static String toText(StoredEvent event) {
    return "id: %d\nevent: %s\ndata: %s\n\n"
        .formatted(event.sequence(), event.type().wire(), event.json());
  }

  private boolean beat() {
    return System.nanoTime() - written < pace.heartbeat().toNanos() || write(HEARTBEAT);
  }

  /** Returns when the socket has taken it; false if there is none any more. */
  private boolean write(String text) {
    boolean isTaken = response.write(text).map(true).otherwise(false).await();
    written = System.nanoTime();
    return isTaken;
  }
}

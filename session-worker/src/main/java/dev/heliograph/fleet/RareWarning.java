package dev.heliograph.fleet;

import dev.heliograph.table.NotAcknowledgedException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Warns of what all shards meet at once, and again and again, while AWS cannot be reached: one line
 * a while, with the reason and without the SDK's stack, which says nothing more. For all threads.
 */
final class RareWarning {
  static final Duration APART = Duration.ofSeconds(30);

  private final Logger log;
  private final String message;
  private final LongSupplier nanos;

  private boolean hasWarned;
  private long lastWarned;
  private long unsaid;

  RareWarning(Logger log, String message) {
    this(log, message, System::nanoTime);
  }

  RareWarning(Logger log, String message, LongSupplier nanos) {
    this.log = log;
    this.message = message;
    this.nanos = nanos;
  }

  void of(RuntimeException failure) {
    warn(log.atWarn(), failure);
  }

  void of(int shard, RuntimeException failure) {
    warn(log.atWarn().addKeyValue("shard", shard), failure);
  }

  private synchronized void warn(LoggingEventBuilder warning, RuntimeException failure) {
    long now = nanos.getAsLong();
    if (hasWarned && now - lastWarned < APART.toNanos()) {
      unsaid++;
      return;
    }
    warning.addKeyValue("reason", reason(failure)).addKeyValue("unsaid", unsaid).log(message);
    hasWarned = true;
    lastWarned = now;
    unsaid = 0;
  }

  private static String reason(RuntimeException failure) {
    Throwable cause = failure.getCause();
    Throwable told = failure instanceof NotAcknowledgedException && cause != null ? cause : failure;
    return Objects.toString(told.getMessage(), told.getClass().getSimpleName());
  }
}

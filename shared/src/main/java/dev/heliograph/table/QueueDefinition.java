package dev.heliograph.table;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A standard queue.
 *
 * @param name without the deployment's prefix
 * @param deadLetterQueue the name, without prefix, of the queue for what is received more than
 *     {@code maxReceives} times
 */
public record QueueDefinition(
    String name, Duration visibilityTimeout, @Nullable String deadLetterQueue, int maxReceives) {

  /** The queue's name in a deployment. */
  public String in(String prefix) {
    return prefix + name;
  }
}

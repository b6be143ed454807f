package dev.heliograph.fleet;

import java.nio.file.Path;

/** Where the key is that wraps the data keys of pairings; the same for all workers. */
public sealed interface WrappingKey {
  /** In a file, which is made if it is not there. */
  record InFile(Path file) implements WrappingKey {}

  /** In KMS, by its id or ARN. */
  record InKms(String key) implements WrappingKey {}
}

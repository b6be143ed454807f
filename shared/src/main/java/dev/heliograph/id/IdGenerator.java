package dev.heliograph.id;

import com.github.f4b6a3.ulid.UlidCreator;

/** Draws ULIDs; tests pass one that repeats itself. */
@FunctionalInterface
public interface IdGenerator {
  /** A ULID that nobody has drawn before: 26 characters, upper case, ordered by time. */
  String ulid();

  /** Random ones. */
  static IdGenerator random() {
    return () -> UlidCreator.getUlid().toString();
  }
}

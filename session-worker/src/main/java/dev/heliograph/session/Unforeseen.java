package dev.heliograph.session;

import java.util.NoSuchElementException;

/**
 * What nothing throws on purpose: a mistake in our code, or in a library, that the stanza or the
 * text at hand brings to light. It would again, so that one is given up for the others' sake.
 */
final class Unforeseen {
  private Unforeseen() {}

  /** Whether this is one; whatever a table, a connection or another owner has to say is not. */
  static boolean is(RuntimeException thrown) {
    return switch (thrown) {
      case NullPointerException _,
          IndexOutOfBoundsException _,
          NegativeArraySizeException _,
          ArithmeticException _,
          ClassCastException _,
          IllegalArgumentException _,
          IllegalStateException _,
          NoSuchElementException _,
          UnsupportedOperationException _ ->
          true;
      default -> false;
    };
  }
}

package dev.heliograph.bench.chaos;

/**
 * A line of the result.
 *
 * @param mustBeZero whether anything else is a defect
 */
record Figure(String name, long value, boolean mustBeZero) {
  static Figure of(String name, long value) {
    return new Figure(name, value, false);
  }

  static Figure zero(String name, long value) {
    return new Figure(name, value, true);
  }

  boolean isDefect() {
    return mustBeZero && value != 0;
  }
}

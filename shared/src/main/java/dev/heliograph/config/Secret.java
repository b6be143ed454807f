package dev.heliograph.config;

/** A value that nothing prints. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "[redacted]";
  }
}

package dev.heliograph.sandbox.wire;

record Text(String text) implements Value {
  @Override
  public String toString() {
    return "Text[redacted]";
  }
}

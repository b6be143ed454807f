package dev.heliograph.simulation;

/**
 * Thrown into a process that is no more, so that its thread ends: not an exception that a session
 * might catch. What its {@code finally} blocks still ask for does not happen.
 */
public final class Crashed extends Error {
  private static final long serialVersionUID = 1L;

  public Crashed() {
    super("the process is no more", null, false, false);
  }
}

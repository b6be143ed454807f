package dev.heliograph.sandbox;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * How a sandbox is to run.
 *
 * @param port where clients connect; 0 takes any free one
 * @param controlPort where the control API listens; 0 takes any free one
 * @param dataFolder where everything is kept; made if it is not there
 * @param clock what QR codes age by and messages are dated with
 */
public record SandboxOptions(int port, int controlPort, Path dataFolder, InstantSource clock) {
  /** Any ports, the system's clock. */
  public static SandboxOptions in(Path dataFolder) {
    return new SandboxOptions(0, 0, dataFolder, InstantSource.system());
  }

  public SandboxOptions withPort(int other) {
    return new SandboxOptions(other, controlPort, dataFolder, clock);
  }

  public SandboxOptions withControlPort(int other) {
    return new SandboxOptions(port, other, dataFolder, clock);
  }

  public SandboxOptions withClock(InstantSource other) {
    return new SandboxOptions(port, controlPort, dataFolder, other);
  }
}

package dev.heliograph.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Whether one can listen on a port of 127.0.0.1, asked before anything is started in vain. */
public final class LoopbackPort {
  private static final int LAST = 65535;

  private LoopbackPort() {}

  /**
   * Refuses a port that there is not, or that somebody has.
   *
   * @param option what the user chooses another one with
   * @param port 0 stands for any that is free
   */
  public static void check(String option, int port) {
    if (port < 0 || port > LAST) {
      throw new UnusablePortException("%s takes a number from 0 to %d.".formatted(option, LAST));
    }
    if (!isFree(port)) {
      throw new UnusablePortException(
          "port %d is in use. Choose another one with %s.".formatted(port, option));
    }
  }

  /** Whether nobody listens there. */
  public static boolean isFree(int port) {
    try {
      new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}

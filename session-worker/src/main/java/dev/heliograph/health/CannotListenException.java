package dev.heliograph.health;

import java.net.InetSocketAddress;

/** Nobody can listen at this address; the message tells an operator what to change. */
public final class CannotListenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CannotListenException(InetSocketAddress address, String variables, Throwable cause) {
    super(
        "cannot listen on %s port %d (%s): set %s_PORT to a port that is free, to 0"
                .formatted(
                    address.getAddress().getHostAddress(),
                    address.getPort(),
                    cause.getMessage(),
                    variables)
            + " for any, or to off, and %s_HOST to an address of this machine".formatted(variables),
        cause);
  }
}

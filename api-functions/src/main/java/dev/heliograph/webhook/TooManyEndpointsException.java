package dev.heliograph.webhook;

/** A customer has as many endpoints as it may. */
public final class TooManyEndpointsException extends RuntimeException {
  TooManyEndpointsException() {
    super("at most %d endpoints".formatted(Endpoints.LIMIT));
  }
}

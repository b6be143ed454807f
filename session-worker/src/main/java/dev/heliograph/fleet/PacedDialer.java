package dev.heliograph.fleet;

import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.socket.Dialer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Has so many handshakes under way at a time. Whoever waits for too long is told to try later, and
 * can attend to something else meanwhile.
 */
final class PacedDialer implements Dialer {
  private final Dialer dialer;
  private final Duration patience;
  private final Semaphore free;

  PacedDialer(Dialer dialer, int most, Duration patience) {
    this.dialer = dialer;
    this.patience = patience;
    this.free = new Semaphore(most, true);
  }

  @Override
  public Connection dial(KeyPair noiseKey, Payload payload, Connection.Listener listener)
      throws InterruptedException {
    if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new DialException(DialException.Reason.TOO_MANY);
    }
    try {
      return dialer.dial(noiseKey, payload, listener);
    } finally {
      free.release();
    }
  }
}

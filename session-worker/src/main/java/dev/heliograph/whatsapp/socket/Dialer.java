package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.crypto.KeyPair;

/** Makes connections to WhatsApp. */
public interface Dialer {
  /** What WhatsApp is told of us. */
  @FunctionalInterface
  interface Payload {
    /**
     * Who we are, from {@link dev.heliograph.whatsapp.auth.ClientPayloads}. Asked for on the thread
     * that dials, when all that is left to do is to log in: getting there may have taken its time.
     * What this throws, dialling throws.
     */
    byte[] bytes() throws InterruptedException;
  }

  /**
   * Connects and shakes hands. For virtual threads: it blocks, 40 s at most and as long as the
   * payload takes.
   *
   * @param noiseKey the static key pair of the credentials
   * @param listener may be called before this returns
   * @throws DialException if there is no connection
   */
  Connection dial(KeyPair noiseKey, Payload payload, Connection.Listener listener)
      throws InterruptedException;
}

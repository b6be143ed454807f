package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.crypto.KeyPair;

/** Makes connections to WhatsApp. */
public interface Dialer {
  /** What WhatsApp is told of us. */
  @FunctionalInterface
  interface Login {
    /**
     * Who we are, from {@link dev.heliograph.whatsapp.auth.ClientPayloads}. Asked for when there is
     * a connection, which may have taken its time; what this throws, dialling throws.
     */
    byte[] payload() throws InterruptedException;
  }

  /**
   * Connects and shakes hands. For virtual threads: it blocks, 40 s at most and what the login
   * takes.
   *
   * @param noiseKey the static key pair of the credentials
   * @param listener may be called before this returns
   * @throws DialException if there is no connection
   */
  Connection dial(KeyPair noiseKey, Login login, Connection.Listener listener)
      throws InterruptedException;
}

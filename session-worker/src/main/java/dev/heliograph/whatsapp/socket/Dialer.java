package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.crypto.KeyPair;

/** Makes connections to WhatsApp. */
public interface Dialer {
  /**
   * Connects and shakes hands. For virtual threads: it blocks, 40 s at most.
   *
   * @param noiseKey the static key pair of the credentials
   * @param clientPayload who we are, from {@link dev.heliograph.whatsapp.auth.ClientPayloads}
   * @param listener may be called before this returns
   * @throws DialException if there is no connection
   */
  Connection dial(KeyPair noiseKey, byte[] clientPayload, Connection.Listener listener)
      throws InterruptedException;
}

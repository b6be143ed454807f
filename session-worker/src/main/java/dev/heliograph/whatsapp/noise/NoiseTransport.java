package dev.heliograph.whatsapp.noise;

import dev.heliograph.whatsapp.ProtocolException;

/**
 * The connection after the handshake: one key and one counter per direction. Each frame must be
 * encrypted in the order in which it is sent. Sending and receiving may go on at the same time;
 * neither may with itself.
 */
public final class NoiseTransport {
  private static final byte[] NOTHING = new byte[0];

  private final Aes256Gcm sending;
  private final Aes256Gcm receiving;

  NoiseTransport(byte[] sendingKey, byte[] receivingKey) {
    sending = new Aes256Gcm(sendingKey);
    receiving = new Aes256Gcm(receivingKey);
  }

  public byte[] encrypt(byte[] plaintext) {
    return sending.encrypt(plaintext, NOTHING);
  }

  /**
   * Decrypts the next frame.
   *
   * @throws ProtocolException if it is not the next one, or was changed; nothing can be received
   *     after that
   */
  public byte[] decrypt(byte[] frame) {
    return receiving.decrypt(frame, NOTHING);
  }
}

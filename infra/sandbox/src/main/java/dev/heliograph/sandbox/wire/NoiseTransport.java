package dev.heliograph.sandbox.wire;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * Encrypts and decrypts frames after the handshake. The order of calls is the order on the wire:
 * not for two threads.
 */
public final class NoiseTransport {
  private static final byte[] NO_ASSOCIATED_DATA = {};

  private final byte[] sendKey;
  private final byte[] receiveKey;
  private int sent;
  private int received;

  NoiseTransport(byte[] sendKey, byte[] receiveKey) {
    this.sendKey = sendKey;
    this.receiveKey = receiveKey;
  }

  public byte[] encrypt(byte[] plaintext) {
    try {
      return NoiseState.cipher(Cipher.ENCRYPT_MODE, sendKey, sent++, NO_ASSOCIATED_DATA)
          .doFinal(plaintext);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public byte[] decrypt(byte[] ciphertext) throws GeneralSecurityException {
    return NoiseState.cipher(Cipher.DECRYPT_MODE, receiveKey, received++, NO_ASSOCIATED_DATA)
        .doFinal(ciphertext);
  }
}

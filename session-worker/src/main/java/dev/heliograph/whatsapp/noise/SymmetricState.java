package dev.heliograph.whatsapp.noise;

import dev.heliograph.whatsapp.crypto.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What both sides of a Noise handshake compute as it goes on: a hash of all that was said, and keys
 * of all secrets.
 */
final class SymmetricState {
  private static final byte[] NOTHING = new byte[0];
  private static final int KEY_LENGTH = 32;

  private byte[] hash;
  private byte[] chainingKey;
  private Aes256Gcm cipher;

  /**
   * The state at the beginning.
   *
   * @param protocol the name of the pattern and its algorithms, at most 32 characters
   */
  SymmetricState(String protocol) {
    hash = Arrays.copyOf(protocol.getBytes(StandardCharsets.US_ASCII), KEY_LENGTH);
    chainingKey = hash;
    cipher = new Aes256Gcm(hash);
  }

  void authenticate(byte[] data) {
    hash = Hashes.sha256(hash, data);
  }

  void mix(byte[] secret) {
    byte[] keys = Hashes.hkdfSha256(secret, chainingKey, NOTHING, 2 * KEY_LENGTH);
    chainingKey = Arrays.copyOf(keys, KEY_LENGTH);
    cipher = new Aes256Gcm(Arrays.copyOfRange(keys, KEY_LENGTH, 2 * KEY_LENGTH));
  }

  byte[] encrypt(byte[] plaintext) {
    byte[] ciphertext = cipher.encrypt(plaintext, hash);
    authenticate(ciphertext);
    return ciphertext;
  }

  byte[] decrypt(byte[] ciphertext) {
    byte[] plaintext = cipher.decrypt(ciphertext, hash);
    authenticate(ciphertext);
    return plaintext;
  }

  /** The client's side of the connection that the handshake has set up. */
  NoiseTransport split() {
    byte[] keys = Hashes.hkdfSha256(NOTHING, chainingKey, NOTHING, 2 * KEY_LENGTH);
    return new NoiseTransport(
        Arrays.copyOf(keys, KEY_LENGTH), Arrays.copyOfRange(keys, KEY_LENGTH, 2 * KEY_LENGTH));
  }
}

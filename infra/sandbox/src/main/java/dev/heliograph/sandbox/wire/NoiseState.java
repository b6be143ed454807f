package dev.heliograph.sandbox.wire;

import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The symmetric half of {@code Noise_XX_25519_AESGCM_SHA256}: what both sides of a handshake do
 * alike.
 */
final class NoiseState {
  private byte[] hash = "Noise_XX_25519_AESGCM_SHA256\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
  private byte[] chainingKey = hash;
  private byte[] key = hash;
  private int counter;

  void authenticate(byte[] bytes) {
    hash = Digest.sha256(hash, bytes);
  }

  void mix(byte[] sharedKey) {
    byte[] derived = Digest.hkdf(sharedKey, chainingKey, 64);
    chainingKey = Arrays.copyOf(derived, 32);
    key = Arrays.copyOfRange(derived, 32, 64);
    counter = 0;
  }

  byte[] encrypt(byte[] plaintext) throws GeneralSecurityException {
    byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, key, counter++, hash).doFinal(plaintext);
    authenticate(ciphertext);
    return ciphertext;
  }

  byte[] decrypt(byte[] ciphertext) throws GeneralSecurityException {
    byte[] plaintext = cipher(Cipher.DECRYPT_MODE, key, counter++, hash).doFinal(ciphertext);
    authenticate(ciphertext);
    return plaintext;
  }

  /** The key from client to server, then the one back. */
  byte[][] split() {
    byte[] derived = Digest.hkdf(new byte[0], chainingKey, 64);
    return new byte[][] {Arrays.copyOf(derived, 32), Arrays.copyOfRange(derived, 32, 64)};
  }

  static Cipher cipher(int mode, byte[] key, int counter, byte[] associatedData)
      throws GeneralSecurityException {
    byte[] iv = Bytes.concat(new byte[8], Bytes.bigEndian(counter, 4));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    cipher.updateAAD(associatedData);
    return cipher;
  }
}

package dev.heliograph.whatsapp.noise;

import dev.heliograph.whatsapp.ProtocolException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with a counter as its IV: each key, each direction and each number is used once. */
final class Aes256Gcm {
  static final int TAG_LENGTH = 16;

  private final SecretKeySpec key;
  private final Cipher cipher;
  private long counter;

  Aes256Gcm(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  byte[] encrypt(byte[] plaintext, byte[] associated) {
    try {
      init(Cipher.ENCRYPT_MODE, associated);
      return cipher.doFinal(plaintext);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The plaintext; a {@link ProtocolException} if it was not encrypted with this key and number.
   */
  byte[] decrypt(byte[] ciphertext, byte[] associated) {
    if (ciphertext.length < TAG_LENGTH) throw new ProtocolException("too short to be encrypted");
    try {
      init(Cipher.DECRYPT_MODE, associated);
      return cipher.doFinal(ciphertext);
    } catch (AEADBadTagException wrong) {
      throw new ProtocolException("does not decrypt", wrong);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void init(int mode, byte[] associated) throws GeneralSecurityException {
    // 2^32 frames of a connection that lives for hours: it ends before its numbers repeat.
    if (counter >= 1L << 32) throw new ProtocolException("the connection has used up its key");
    byte[] iv = ByteBuffer.allocate(12).putInt(8, (int) counter).array();
    counter++;
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, iv));
    cipher.updateAAD(associated);
  }
}

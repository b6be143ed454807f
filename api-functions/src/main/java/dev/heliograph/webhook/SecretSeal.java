package dev.heliograph.webhook;

import dev.heliograph.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Keeps signing secrets unreadable in the table: AES-256-GCM, bound to the endpoint. A sealed
 * secret is a format byte (1), a nonce of 12 bytes, the ciphertext and its tag.
 */
final class SecretSeal {
  private static final byte FORMAT = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final Supplier<Secret> deploymentKey;
  private volatile @Nullable SecretKey derived;
  private final SecureRandom random = new SecureRandom();

  /**
   * With a key of this purpose alone, derived from the deployment's.
   *
   * @param deploymentKey asked for it when it is first needed: most functions never do
   */
  SecretSeal(Supplier<Secret> deploymentKey) {
    this.deploymentKey = deploymentKey;
  }

  private SecretKey key() {
    SecretKey key = derived;
    if (key == null) {
      key = derive(deploymentKey.get());
      derived = key;
    }
    return key;
  }

  private static SecretKey derive(Secret deploymentKey) {
    byte[] material = deploymentKey.value().getBytes(StandardCharsets.UTF_8);
    byte[] purpose = "heliograph webhook signing secrets".getBytes(StandardCharsets.UTF_8);
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey("AES", HKDFParameterSpec.ofExtract().addIKM(material).thenExpand(purpose, 32));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java has HKDF since 25", e);
    }
  }

  SealedSecret seal(EndpointId endpoint, SigningSecret secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, endpoint, nonce);
      byte[] sealed = cipher.doFinal(secret.text().getBytes(StandardCharsets.UTF_8));
      ByteBuffer whole = ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length);
      whole.put(FORMAT).put(nonce).put(sealed).flip();
      return new SealedSecret(SdkBytes.fromByteBuffer(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing cannot fail", e);
    }
  }

  /**
   * Opens what was sealed for this endpoint.
   *
   * @throws UnreadableSecretException if another key sealed it, or it is not what was sealed
   */
  SigningSecret open(EndpointId endpoint, SealedSecret secret) {
    byte[] sealed = secret.bytes().asByteArray();
    if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != FORMAT) {
      throw new UnreadableSecretException();
    }
    byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, endpoint, nonce);
      byte[] text = cipher.doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
      return new SigningSecret(new String(text, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new UnreadableSecretException();
    }
  }

  private Cipher cipher(int mode, EndpointId endpoint, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(endpoint.value().getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}

package dev.heliograph.authstate;

import dev.heliograph.table.Answers;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;

/**
 * Wraps data keys with a KMS key, which never leaves KMS. Each call goes to KMS: one when a pairing
 * begins, and one each time a session opens.
 *
 * <p>Throws {@link dev.heliograph.table.NotAcknowledgedException} where KMS does not answer.
 */
public final class KmsKeyWrapper implements KeyWrapper {
  /**
   * The encryption context that names the pairing's partition; CloudTrail shows it in clear. The
   * key's policy in {@code template.yaml} asks for it by this name.
   */
  public static final String CONTEXT = "heliograph-pairing";

  private final KmsClient kms;
  private final String key;

  /**
   * With a symmetric key.
   *
   * @param key its id or ARN, not an alias: unwrapping is refused for any other key
   */
  public KmsKeyWrapper(KmsClient kms, String key) {
    this.kms = kms;
    this.key = key;
  }

  @Override
  public byte[] wrap(String place, byte[] dataKey) {
    return Answers.of(
            () ->
                kms.encrypt(
                    encrypt ->
                        encrypt
                            .keyId(key)
                            .encryptionContext(Map.of(CONTEXT, place))
                            .plaintext(SdkBytes.fromByteArray(dataKey))))
        .ciphertextBlob()
        .asByteArray();
  }

  @Override
  public byte[] unwrap(String place, byte[] wrapped) {
    try {
      return Answers.of(
              () ->
                  kms.decrypt(
                      decrypt ->
                          decrypt
                              .keyId(key)
                              .encryptionContext(Map.of(CONTEXT, place))
                              .ciphertextBlob(SdkBytes.fromByteArray(wrapped))))
          .plaintext()
          .asByteArray();
    } catch (InvalidCiphertextException wrappedElsewhere) {
      throw new UnsealException("wrapped with another key or for another pairing");
    }
  }
}

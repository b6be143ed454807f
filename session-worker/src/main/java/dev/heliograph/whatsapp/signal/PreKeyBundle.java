package dev.heliograph.whatsapp.signal;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of another device that a session begins with. The signature is good: there is no bundle
 * with a bad one.
 *
 * @param registrationId an unsigned 32 bit number
 * @param identityKey 32 bytes
 * @param signature of the signed pre-key, by the identity key
 * @param oneTimePreKey missing if the device has run out of them
 */
public record PreKeyBundle(
    int registrationId,
    ByteString identityKey,
    PreKey signedPreKey,
    ByteString signature,
    @Nullable PreKey oneTimePreKey) {
  /**
   * Checks the signature.
   *
   * @throws ProtocolException if it is not the identity key's
   */
  public PreKeyBundle {
    ByteString signed = PublicKeys.withType(signedPreKey.publicKey());
    if (!PublicKeys.verify(identityKey, signed, signature)) {
      throw new ProtocolException("a bundle whose signature is not its identity key's");
    }
  }

  public Optional<PreKey> findOneTimePreKey() {
    return Optional.ofNullable(oneTimePreKey);
  }

  @Override
  public String toString() {
    return "PreKeyBundle[]";
  }
}

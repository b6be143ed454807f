package dev.heliograph.whatsapp.signal;

import com.google.protobuf.ByteString;

/** What came of decrypting. Only {@link Decrypted} has changed records. */
public sealed interface Decryption {
  /**
   * It is genuine and new.
   *
   * @param plaintext without the padding
   * @param identityChanged whether the device has another identity key than before: it was set up
   *     anew
   */
  record Decrypted(ByteString plaintext, boolean identityChanged) implements Decryption {
    @Override
    public String toString() {
      return "Decrypted[size=" + plaintext.size() + ", identityChanged=" + identityChanged + "]";
    }
  }

  /**
   * Its ratchet step was used before: for this very ciphertext, if its sender is sound. Or it comes
   * so late that its key was let go of.
   */
  record Duplicate() implements Decryption {}

  record Undecryptable(Reason reason) implements Decryption {}

  enum Reason {
    NO_SESSION,
    /** It begins a session with a one-time pre-key that we do not have, or no more. */
    UNKNOWN_PRE_KEY,
    UNKNOWN_SIGNED_PRE_KEY,
    /** No state of the session fits, or the sender is not who it says. */
    NO_STATE_FITS,
    /** It is not what its type says. */
    MALFORMED
  }
}

package dev.heliograph.whatsapp.signal;

import com.google.protobuf.ByteString;

/** A ciphertext for one device. */
public record Encrypted(CiphertextType type, ByteString ciphertext) {
  @Override
  public String toString() {
    return "Encrypted[" + type + ", size=" + ciphertext.size() + "]";
  }
}

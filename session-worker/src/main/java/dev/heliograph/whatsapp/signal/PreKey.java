package dev.heliograph.whatsapp.signal;

import com.google.protobuf.ByteString;

/**
 * The public part of a one-time pre-key.
 *
 * @param id 24 bits, never used for another key
 * @param publicKey 32 bytes
 */
public record PreKey(int id, ByteString publicKey) {
  @Override
  public String toString() {
    return "PreKey[" + id + "]";
  }
}

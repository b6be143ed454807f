package dev.heliograph.sandbox.account;

import com.google.protobuf.ByteString;

/**
 * A numbered public key of 32 bytes.
 *
 * @param id 24 bits
 */
public record PublicKey(int id, ByteString key) {
  @Override
  public String toString() {
    return "PublicKey[" + id + "]";
  }
}

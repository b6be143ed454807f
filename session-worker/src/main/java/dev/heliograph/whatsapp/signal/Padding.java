package dev.heliograph.whatsapp.signal;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.ProtocolException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** WhatsApp's own padding inside of Signal's: 1 to 16 bytes, each saying how many they are. */
final class Padding {
  private static final int MOST = 16;

  private Padding() {}

  static byte[] pad(ByteString plaintext, RandomGenerator random) {
    int count = random.nextInt(1, MOST + 1);
    byte[] padded = Arrays.copyOf(plaintext.toByteArray(), plaintext.size() + count);
    Arrays.fill(padded, plaintext.size(), padded.length, (byte) count);
    return padded;
  }

  static ByteString unpad(byte[] padded) {
    int count = padded.length == 0 ? 0 : padded[padded.length - 1] & 0xFF;
    if (count == 0 || count > padded.length) throw new ProtocolException("no valid padding");
    return ByteString.copyFrom(padded, 0, padded.length - count);
  }
}

package dev.heliograph.whatsapp.binary;

import dev.heliograph.whatsapp.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates zlib data (RFC 1950), up to as much as an uncompressed frame could hold. */
final class Inflation {
  private static final int MOST = 1 << 24;

  private Inflation() {}

  static byte[] inflate(byte[] data, int offset) {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(data, offset, data.length - offset);
      ByteArrayOutputStream out = new ByteArrayOutputStream(4 * data.length);
      byte[] part = new byte[8192];
      while (!inflater.finished()) {
        int length = inflater.inflate(part);
        if (length == 0 && !inflater.finished()) {
          throw new ProtocolException("compressed data that does not end");
        }
        out.write(part, 0, length);
        if (out.size() > MOST) throw new ProtocolException("compressed data that is too much");
      }
      if (inflater.getRemaining() > 0) throw new ProtocolException("bytes after compressed data");
      return out.toByteArray();
    } catch (DataFormatException malformed) {
      throw new ProtocolException("not compressed data", malformed);
    }
  }
}

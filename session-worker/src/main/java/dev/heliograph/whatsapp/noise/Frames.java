package dev.heliograph.whatsapp.noise;

import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts the byte stream into frames: 3 bytes of length, then the body. The borders of WebSocket
 * messages mean nothing.
 */
public final class Frames {
  /** What 3 bytes can say. */
  public static final int LONGEST = (1 << 24) - 1;

  private static final int HEADER = 3;

  private byte[] buffer = new byte[0];
  private int start;
  private int end;

  /** A frame of this body. */
  public static byte[] frame(byte[] body) {
    if (body.length > LONGEST) throw new IllegalArgumentException("too long for a frame");
    byte[] frame = new byte[HEADER + body.length];
    frame[0] = (byte) (body.length >> 16);
    frame[1] = (byte) (body.length >> 8);
    frame[2] = (byte) body.length;
    System.arraycopy(body, 0, frame, HEADER, body.length);
    return frame;
  }

  public void add(byte[] bytes) {
    if (bytes.length > buffer.length - end) makeRoom(bytes.length);
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  /** The body of the next frame, if all of it is here. */
  public Optional<byte[]> next() {
    if (end - start < HEADER) return Optional.empty();
    int length =
        (buffer[start] & 0xFF) << 16 | (buffer[start + 1] & 0xFF) << 8 | (buffer[start + 2] & 0xFF);
    if (end - start - HEADER < length) return Optional.empty();
    int body = start + HEADER;
    start = body + length;
    byte[] frame = Arrays.copyOfRange(buffer, body, start);
    if (start == end) empty();
    return Optional.of(frame);
  }

  /** Idle connections, of which there are thousands, hold no buffer. */
  private void empty() {
    buffer = new byte[0];
    start = 0;
    end = 0;
  }

  private void makeRoom(int more) {
    int waiting = end - start;
    byte[] roomy = new byte[Math.max(waiting + more, 2 * waiting)];
    System.arraycopy(buffer, start, roomy, 0, waiting);
    buffer = roomy;
    start = 0;
    end = waiting;
  }
}

package dev.heliograph.sandbox.wire;

import dev.heliograph.sandbox.crypto.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a client's byte stream into frames. WebSocket messages may hold several frames or a part of
 * one, so their borders mean nothing. The stream begins with an optional routing pre-intro ({@code
 * ED 00 01} and a length) and the intro.
 */
public final class Frames {
  /** {@code WA}, protocol 6, dictionary 3. */
  static final byte[] INTRO = {'W', 'A', 6, 3};

  private static final byte[] ROUTING_INTRO = {'E', 'D', 0, 1};
  private static final int MAX_ROUTING_INFO = 4096;

  private byte[] pending = new byte[0];
  private boolean introduced;

  public static byte[] frame(byte[] body) {
    if (body.length >= 1 << 24) {
      throw new IllegalArgumentException("a frame holds less than 16 MiB");
    }
    return Bytes.concat(Bytes.bigEndian(body.length, 3), body);
  }

  /** The bodies that these bytes complete. */
  public List<byte[]> take(byte[] bytes) {
    pending = pending.length == 0 ? bytes : Bytes.concat(pending, bytes);
    List<byte[]> bodies = new ArrayList<>();
    int at = introduced ? 0 : introduction();
    while (introduced && pending.length - at >= 3) {
      int length = length(at);
      if (pending.length - at - 3 < length) {
        break;
      }
      bodies.add(Arrays.copyOfRange(pending, at + 3, at + 3 + length));
      at += 3 + length;
    }
    pending = at == 0 ? pending : Arrays.copyOfRange(pending, at, pending.length);
    return bodies;
  }

  /** Where the first frame begins, once the intro is complete; until then 0. */
  private int introduction() {
    int at = 0;
    if (startsWith(ROUTING_INTRO, 0)) {
      if (pending.length < 7) {
        return 0;
      }
      int length = length(4);
      if (length > MAX_ROUTING_INFO) {
        throw new MalformedStanzaException("routing info that no server gave");
      }
      at = 7 + length;
    }
    if (pending.length < at + INTRO.length) {
      if (at == 0 && !couldBeIntro()) {
        throw new MalformedStanzaException("not WhatsApp's intro");
      }
      return 0;
    }
    if (!startsWith(INTRO, at)) {
      throw new MalformedStanzaException("not WhatsApp's intro");
    }
    introduced = true;
    return at + INTRO.length;
  }

  private boolean couldBeIntro() {
    return pending.length == 0 || pending[0] == INTRO[0] || pending[0] == ROUTING_INTRO[0];
  }

  private boolean startsWith(byte[] prefix, int at) {
    return pending.length >= at + prefix.length
        && Arrays.equals(pending, at, at + prefix.length, prefix, 0, prefix.length);
  }

  private int length(int at) {
    return (pending[at] & 0xff) << 16 | (pending[at + 1] & 0xff) << 8 | (pending[at + 2] & 0xff);
  }
}

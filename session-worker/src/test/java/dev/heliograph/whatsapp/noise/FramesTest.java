package dev.heliograph.whatsapp.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FramesTest {
  @Test
  void framesComeBackWhereverTheBytesWereCut() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 0; run < 300; run++) {
      List<byte[]> bodies = new ArrayList<>();
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      for (int i = random.nextInt(20); i > 0; i--) {
        byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 70_000 : 50)];
        random.nextBytes(body);
        bodies.add(body);
        stream.writeBytes(Frames.frame(body));
      }

      assertThat(framesOf(stream.toByteArray(), random)).containsExactlyElementsOf(bodies);
    }
  }

  @Test
  void aFrameThatIsNotWholeIsAwaited() {
    Frames frames = new Frames();
    frames.add(new byte[] {0, 0, 2, 1});
    assertThat(frames.next()).isEmpty();

    frames.add(new byte[] {5});

    assertThat(frames.next()).contains(new byte[] {1, 5});
  }

  @Test
  void aBodyThatNoLengthCanTellIsRefused() {
    byte[] tooLong = new byte[1 << 24];

    assertThatThrownBy(() -> Frames.frame(tooLong)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Frames.frame(new byte[(1 << 24) - 1])).hasSize((1 << 24) + 2);
  }

  private static List<byte[]> framesOf(byte[] stream, SplittableRandom random) {
    Frames frames = new Frames();
    List<byte[]> found = new ArrayList<>();
    int at = 0;
    while (at < stream.length) {
      int end = Math.min(stream.length, at + random.nextInt(1, 5_000));
      frames.add(Arrays.copyOfRange(stream, at, end));
      at = end;
      for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
        found.add(next.get());
      }
    }
    return found;
  }
}

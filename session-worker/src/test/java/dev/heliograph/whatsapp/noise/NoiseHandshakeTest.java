package dev.heliograph.whatsapp.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.KeyPair;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NoiseHandshakeTest {
  private static final Instant NOW = Instant.parse("2026-09-01T00:00:00Z");
  private static final byte[] PAYLOAD = "who we are".getBytes(StandardCharsets.UTF_8);

  private final SplittableRandom random = new SplittableRandom(1);
  private final NoiseServer server = new NoiseServer(random, NOW);
  private final KeyPair clientKey = KeyPair.generate(random);
  private final NoiseHandshake handshake =
      new NoiseHandshake(clientKey, KeyPair.generate(random), server.root());

  @Test
  void bothSidesEndWithTheSameKeys() {
    NoiseHandshake.Finish finish = handshake.finish(server.answer(hello()), PAYLOAD, NOW);
    NoiseServer.Finished finished = server.finish(body(finish.frame()));

    assertThat(finished.clientKey()).isEqualTo(clientKey.publicKey());
    assertThat(finished.payload().toByteArray()).isEqualTo(PAYLOAD);
    NoiseTransport client = finish.transport();
    for (int i = 0; i < 300; i++) {
      byte[] message = new byte[i];
      assertThat(finished.transport().decrypt(client.encrypt(message))).isEqualTo(message);
      assertThat(client.decrypt(finished.transport().encrypt(message))).isEqualTo(message);
    }
  }

  @Test
  void theFirstBytesAreTheIntroAndAFrame() {
    assertThat(Arrays.copyOf(handshake.hello(), 4)).isEqualTo(new byte[] {0x57, 0x41, 6, 3});
  }

  @Test
  void anAnswerWithAnyBitChangedIsRefused() {
    byte[] answer = server.answer(hello());

    for (int bit = 0; bit < 8 * answer.length; bit += 3) {
      byte[] changed = answer.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      NoiseHandshake again = again();
      assertThatThrownBy(() -> again.finish(changed, PAYLOAD, NOW))
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void anAnswerThatIsCutIsRefused() {
    byte[] answer = server.answer(hello());

    for (int length = 0; length < answer.length; length++) {
      byte[] cut = Arrays.copyOf(answer, length);
      NoiseHandshake again = again();
      assertThatThrownBy(() -> again.finish(cut, PAYLOAD, NOW))
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void randomAnswersAreRefused() {
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      NoiseHandshake again = again();
      assertThatThrownBy(() -> again.finish(bytes, PAYLOAD, NOW))
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void aServerWithACertificateOfAnotherKeyIsRefused() {
    TestCertificates others =
        new TestCertificates(KeyPair.generate(random), KeyPair.generate(random), NOW);
    byte[] answer = server.answer(hello(), others.chain(KeyPair.generate(random)));

    assertThatThrownBy(() -> handshake.finish(answer, PAYLOAD, NOW))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("certificate");
  }

  @Test
  void aFrameThatIsChangedRepeatedOrLeftOutDoesNotDecrypt() {
    NoiseHandshake.Finish finish = handshake.finish(server.answer(hello()), PAYLOAD, NOW);
    NoiseTransport from = server.finish(body(finish.frame())).transport();
    byte[] first = from.encrypt(PAYLOAD);
    byte[] second = from.encrypt(PAYLOAD);
    byte[] third = from.encrypt(PAYLOAD);
    NoiseTransport client = finish.transport();
    assertThat(client.decrypt(first)).isEqualTo(PAYLOAD);

    assertThatThrownBy(() -> client.decrypt(first)).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> client.decrypt(second)).isInstanceOf(ProtocolException.class);
    third[0] ^= 1;
    assertThatThrownBy(() -> client.decrypt(third)).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> client.decrypt(new byte[0])).isInstanceOf(ProtocolException.class);
  }

  /** The same client once more: its hello is the same, its state is new. */
  private NoiseHandshake again() {
    SplittableRandom same = new SplittableRandom(1);
    NoiseServer sameServer = new NoiseServer(same, NOW);
    NoiseHandshake again =
        new NoiseHandshake(KeyPair.generate(same), KeyPair.generate(same), sameServer.root());
    again.hello();
    return again;
  }

  private byte[] hello() {
    byte[] hello = handshake.hello();
    return body(Arrays.copyOfRange(hello, 4, hello.length));
  }

  private static byte[] body(byte[] frame) {
    Frames frames = new Frames();
    frames.add(frame);
    return frames.next().orElseThrow();
  }
}

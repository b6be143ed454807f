package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.socket.Dialer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PacedDialerTest {
  private static final KeyPair KEY = KeyPair.generate(new Random(1));

  private final CountDownLatch dialling = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);

  private Connection dial(KeyPair key, Dialer.Payload payload, Connection.Listener listener)
      throws InterruptedException {
    dialling.countDown();
    answered.await();
    throw new DialException(DialException.Reason.UNREACHABLE);
  }

  @Test
  void oneTooManyIsToldToTryLaterAndNobodyWasAsked() throws InterruptedException {
    PacedDialer dialer = new PacedDialer(this::dial, 1, Duration.ofMillis(1));
    Thread first =
        Thread.ofVirtual()
            .start(() -> assertThatThrownBy(() -> dial(dialer)).isInstanceOf(DialException.class));
    dialling.await();

    assertThatThrownBy(() -> dial(dialer))
        .isInstanceOfSatisfying(
            DialException.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(DialException.Reason.TOO_MANY);
              assertThat(refused.isAnswered()).isFalse();
            });

    answered.countDown();
    first.join();
    assertThatThrownBy(() -> dial(dialer))
        .isInstanceOfSatisfying(
            DialException.class,
            failed -> assertThat(failed.reason()).isEqualTo(DialException.Reason.UNREACHABLE));
  }

  private static void dial(PacedDialer dialer) throws InterruptedException {
    dialer.dial(
        KEY,
        () -> new byte[0],
        new Connection.Listener() {
          @Override
          public void received(Node node) {}

          @Override
          public void closed(CloseReason reason) {}
        });
  }
}

package dev.heliograph.local.e2e;

import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway is killed at random moments and started again at once, while texts flow both ways.
 * WhatsApp, the phones, the customer's program and the receiver of webhooks live on.
 *
 * <p>{@code -Dheliograph.kill.rounds} and {@code -Dheliograph.kill.seed} say how often and when,
 * {@code -Dheliograph.kill.pace} how many milliseconds there are between two texts of a direction.
 */
class KillTest {
  private static final Duration PACE =
      Duration.ofMillis(Integer.getInteger("heliograph.kill.pace", 180));

  // What is left of a failure says more than the failure.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private Sandbox sandbox;
  private WebhookReceiver webhooks;
  private Gateway commands;
  private JavaProcess gateway;
  private Traffic traffic;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    webhooks = WebhookReceiver.start();
    commands =
        Gateway.of(this, folder)
            .talkingTo(sandbox.webSocketUri(), sandbox.rootKey())
            // A slow machine is behind with many, and is not to give them up.
            .with(Map.of("HELIOGRAPH_SEND_DEADLINE", "2h"));
    gateway = commands.start();
    ApiClient api = new ApiClient(Gateway.apiOf(gateway), Gateway.keyOf(gateway));
    ControlClient phones = new ControlClient(sandbox.controlUri());
    traffic = Traffic.start(new Customer(api, phones, webhooks).subscribe(), PACE);
  }

  @AfterEach
  void stop() {
    gateway.close();
    webhooks.close();
    sandbox.close();
  }

  @Test
  void aKillLosesAndDoublesNothing() throws IOException {
    killAndCheck(1);
  }

  @Test
  @Tag("slow")
  void manyKillsLoseAndDoubleNothing() throws IOException {
    killAndCheck(Integer.getInteger("heliograph.kill.rounds", 10));
  }

  private void killAndCheck(int rounds) throws IOException {
    long seed = Long.getLong("heliograph.kill.seed", System.nanoTime());
    System.out.printf("kill test: -Dheliograph.kill.seed=%d, %d rounds%n", seed, rounds);
    RandomGenerator random = new SplittableRandom(seed);
    for (int round = 1; round <= rounds; round++) {
      killAt(random, round);
    }
    traffic.awaitFlow();
    try {
      traffic.end();
    } finally {
      System.out.print(traffic.summary());
    }
    traffic.check();
  }

  /**
   * One in four dies while it starts or takes over from the one before, the others after they have
   * caught up with what was held up.
   */
  private void killAt(RandomGenerator random, int round) {
    boolean atWork = random.nextInt(4) > 0;
    int moment = random.nextInt(atWork ? 3_000 : 8_000);
    if (atWork) {
      traffic.awaitFlow();
    }
    pause(Duration.ofMillis(moment)); // not to wait for anything: this is the random moment
    gateway.kill();
    System.out.printf(
        "%4d  killed %4d ms after %s: %s%n",
        round, moment, atWork ? "it had caught up" : "its start", traffic.progress());
    gateway = commands.launch();
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}

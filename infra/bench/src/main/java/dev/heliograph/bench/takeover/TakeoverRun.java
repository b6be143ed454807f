package dev.heliograph.bench.takeover;

import static org.awaitility.Awaitility.await;

import dev.heliograph.bench.deployment.Connections;
import dev.heliograph.bench.deployment.Deployment;
import dev.heliograph.bench.deployment.Durations;
import dev.heliograph.bench.deployment.LinkedNumber;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Idle numbers, of which one worker's go offline at once. */
final class TakeoverRun {
  private static final Logger logger = LoggerFactory.getLogger(TakeoverRun.class);

  /** Sockets close with their process; its shards are taken a lease later. */
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private TakeoverRun() {}

  static TakeoverResult run(Path folder, int sessions, int workers)
      throws IOException, InterruptedException {
    try (Deployment deployment = Deployment.startInFairWeather(folder, workers)) {
      long start = System.nanoTime();
      List<LinkedNumber> numbers = deployment.numbers(sessions);
      try (Connections connections = Connections.of(deployment.phones(), numbers)) {
        awaitAllBack(connections);
        Duration beginning = Duration.ofNanos(System.nanoTime() - start);
        logger.atInfo().addKeyValue("numbers", numbers.size()).log("connected");
        connections.awaitSettled();
        long killed = System.nanoTime();
        deployment.workers().getFirst().killForGood();
        logger.atInfo().log("killed");
        await().atMost(CLOSED_WITHIN).until(() -> !connections.offline().isEmpty());
        awaitAllBack(connections);
        List<Duration> times =
            connections.gapsFrom(killed, CLOSED_WITHIN).stream()
                .map(gap -> Duration.ofNanos(gap.until() - killed))
                .toList();
        int offline = connections.offline().size();
        return new TakeoverResult(
            numbers.size(), workers, beginning, new Durations(times), offline);
      }
    }
  }

  private static void awaitAllBack(Connections connections) {
    try {
      await().atMost(PATIENCE).until(() -> connections.offline().isEmpty());
    } catch (ConditionTimeoutException late) {
      logger.atError().addKeyValue("offline", connections.offline().size()).log("not all are back");
    }
  }
}

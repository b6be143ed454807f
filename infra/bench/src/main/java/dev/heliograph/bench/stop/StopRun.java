package dev.heliograph.bench.stop;

import static org.awaitility.Awaitility.await;

import dev.heliograph.bench.deployment.Connections;
import dev.heliograph.bench.deployment.Deployment;
import dev.heliograph.bench.deployment.Durations;
import dev.heliograph.bench.deployment.LinkedNumber;
import dev.heliograph.fleet.Fleet;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Journal;
import dev.heliograph.table.Queues;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Idle numbers on one worker, which gets SIGTERM; and another one after it. */
final class StopRun {
  private static final Logger logger = LoggerFactory.getLogger(StopRun.class);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private StopRun() {}

  static StopResult run(Path folder, int sessions) throws IOException, InterruptedException {
    try (Deployment deployment = Deployment.startInFairWeather(folder, 1);
        DynamoDbClient dynamoDb = deployment.addresses().dynamoDbClient()) {
      List<LinkedNumber> numbers = deployment.numbers(sessions);
      logger.atInfo().addKeyValue("numbers", numbers.size()).log("paired");
      try (Connections connections = Connections.of(deployment.phones(), numbers)) {
        // Not until they are idle: what they have not written down yet is what this is about.
        await().atMost(PATIENCE).until(() -> connections.offline().isEmpty());
        long told = System.nanoTime();
        int exitCode = deployment.workers().getFirst().stopForGood();
        Duration stop = Duration.ofNanos(System.nanoTime() - told);
        logger.atInfo().addKeyValue("took", stop).log("stopped");
        int withoutCheckpoint =
            withoutCheckpoint(new Journal(dynamoDb, deployment.prefix()), numbers);
        int notReleased = notReleased(new Fleet(dynamoDb, deployment.prefix()));
        deployment.addWorker();
        int lost = awaitAllBack(connections);
        List<Duration> offline =
            connections.gapsFrom(told, stop.plus(Connections.INTERVAL)).stream()
                .map(gap -> Duration.ofNanos(gap.until() - gap.from()))
                .toList();
        return new StopResult(
            numbers.size(),
            stop,
            exitCode,
            withoutCheckpoint,
            notReleased,
            new Durations(offline),
            lost);
      }
    }
  }

  private static int withoutCheckpoint(Journal journal, List<LinkedNumber> numbers) {
    return (int) numbers.stream().filter(number -> !isCheckpointed(journal, number)).count();
  }

  private static boolean isCheckpointed(Journal journal, LinkedNumber number) {
    InstanceId instance = InstanceId.parse(number.instance()).orElseThrow();
    long upto = journal.checkpoint(instance).map(Checkpoint::upto).orElse(0L);
    return upto > 0 && journal.readAfter(instance, upto).isEmpty();
  }

  private static int notReleased(Fleet fleet) {
    return (int)
        IntStream.range(0, Queues.SHARDS)
            .filter(shard -> fleet.shard(shard).owner().isPresent())
            .count();
  }

  /** Returns how many are not. */
  private static int awaitAllBack(Connections connections) {
    try {
      await().atMost(PATIENCE).until(() -> connections.offline().isEmpty());
    } catch (ConditionTimeoutException late) {
      logger.atError().addKeyValue("offline", connections.offline().size()).log("not all are back");
    }
    return connections.offline().size();
  }
}

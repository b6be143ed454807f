package dev.heliograph.bench.chaos;

import dev.heliograph.bench.deployment.Connections;
import dev.heliograph.bench.deployment.Deployment;
import dev.heliograph.bench.deployment.LinkedNumber;
import dev.heliograph.bench.deployment.Weather;
import dev.heliograph.bench.deployment.WorkerSlot;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does to a deployment what a plan says. */
final class Faults {
  private static final Logger logger = LoggerFactory.getLogger(Faults.class);

  private final Deployment deployment;
  private final List<LinkedNumber> numbers;
  private final Connections connections;
  private final FaultPlan plan;
  private final FaultLog log;

  Faults(
      Deployment deployment,
      List<LinkedNumber> numbers,
      Connections connections,
      FaultPlan plan,
      FaultLog log) {
    this.deployment = deployment;
    this.numbers = numbers;
    this.connections = connections;
    this.plan = plan;
    this.log = log;
  }

  /** One fault after the other for so long; at the end nothing is wrong any more. */
  void run(Duration lasting) throws InterruptedException {
    long end = System.nanoTime() + lasting.toNanos();
    ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    try {
      while (true) {
        FaultPlan.Planned planned = plan.next();
        long left = end - System.nanoTime();
        if (planned.after().toNanos() > left) {
          TimeUnit.NANOSECONDS.sleep(left);
          return;
        }
        Thread.sleep(planned.after());
        happen(planned.fault(), later);
      }
    } finally {
      later.shutdownNow();
      deployment.workers().forEach(WorkerSlot::thaw);
      deployment.workers().forEach(slot -> slot.dynamoDb().clear());
    }
  }

  private void happen(Fault fault, ScheduledExecutorService later) {
    logger.atInfo().addKeyValue("fault", fault).log("fault");
    log.add(fault);
    switch (fault) {
      case Fault.Killed(int worker) -> slot(worker).kill();
      case Fault.Terminated(int worker) -> slot(worker).terminate();
      case Fault.Frozen(int worker, Duration lasting) -> freeze(slot(worker), lasting, later);
      case Fault.LinksCut(double share, long seed) -> cut(share, new Random(seed));
      case Fault.BrownOut(int worker, Weather weather, double share, Duration lasting) ->
          cloud(List.of(slot(worker)), weather, share, lasting, later);
      case Fault.BlackOut(Weather weather, double share, Duration lasting) ->
          cloud(deployment.workers(), weather, share, lasting, later);
    }
  }

  /** One that is at work, if there is any. */
  private WorkerSlot slot(int drawn) {
    List<WorkerSlot> atWork = deployment.workers().stream().filter(WorkerSlot::isAtWork).toList();
    List<WorkerSlot> candidates = atWork.isEmpty() ? deployment.workers() : atWork;
    return candidates.get(drawn % candidates.size());
  }

  /** Not the last one: with nobody left for a minute, the customer is to be told. */
  private void freeze(WorkerSlot slot, Duration lasting, ScheduledExecutorService later) {
    if (deployment.workers().stream().filter(WorkerSlot::isAtWork).count() < 2) return;
    slot.freeze();
    var _ = later.schedule(slot::thaw, lasting.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cut(double share, Random random) {
    List<LinkedNumber> chosen =
        numbers.stream()
            .filter(_ -> random.nextDouble() < share)
            .filter(number -> !connections.offline().contains(number.device()))
            .toList();
    log.addCut(chosen);
    for (LinkedNumber number : chosen) {
      // Refused if it is not connected any more, which is as good.
      var _ =
          deployment
              .phones()
              .call(
                  "POST",
                  "/phones/%s/devices/%d/drop".formatted(number.msisdn(), number.device().device()),
                  new JsonObject());
    }
  }

  private static void cloud(
      List<WorkerSlot> slots,
      Weather weather,
      double share,
      Duration lasting,
      ScheduledExecutorService later) {
    slots.forEach(slot -> slot.dynamoDb().turn(weather, share));
    var _ =
        later.schedule(
            () -> slots.forEach(slot -> slot.dynamoDb().clear()),
            lasting.toMillis(),
            TimeUnit.MILLISECONDS);
  }
}

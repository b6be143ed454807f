package dev.heliograph.bench.chaos;

import dev.heliograph.bench.deployment.LinkedNumber;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What has been done to the deployment. */
final class FaultLog {
  private final List<Done> done = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> cuts = new ConcurrentHashMap<>();

  /**
   * A fault that has happened.
   *
   * @param nanos when, in {@link System#nanoTime()}
   */
  record Done(Instant at, long nanos, Fault fault) {
    /** Whether it began or lasted at some time between these two. */
    private boolean meets(long from, long until) {
      return nanos - until <= 0 && nanos + fault.lasting().toNanos() - from >= 0;
    }
  }

  /** To be called at once before the fault. */
  void add(Fault fault) {
    add(new Done(Instant.now(), System.nanoTime(), fault));
  }

  void add(Done fault) {
    done.add(fault);
  }

  /**
   * Whether no other worker, and no worker's DynamoDB, was in trouble from this fault on.
   *
   * @param until in {@link System#nanoTime()}
   */
  boolean isAlone(Done fault, long until) {
    return done.stream()
        .filter(other -> !other.equals(fault))
        .filter(other -> other.fault().isOfWorkers())
        .noneMatch(other -> other.meets(fault.nanos(), until));
  }

  void addCut(Collection<LinkedNumber> numbers) {
    numbers.forEach(number -> cuts.merge(number.instance(), 1, Integer::sum));
  }

  List<Done> done() {
    return done;
  }

  /** How often an instance's connection has been cut, of which its customer may hear. */
  int cuts(String instance) {
    return cuts.getOrDefault(instance, 0);
  }
}

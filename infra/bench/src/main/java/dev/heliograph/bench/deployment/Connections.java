package dev.heliograph.bench.deployment;

import static org.awaitility.Awaitility.await;

import dev.heliograph.sandbox.ControlClient;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Which numbers are connected, as WhatsApp sees it, looked at {@link #INTERVAL} after {@link
 * #INTERVAL}: what is over sooner than that goes unseen.
 */
public final class Connections implements AutoCloseable {
  public static final Duration INTERVAL = Duration.ofMillis(100);

  /** A session's first checkpoint comes half a minute after its beginning. */
  private static final Duration SETTLED = Duration.ofSeconds(40);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ControlClient phones;
  private final Set<Device> watched;
  private final Map<Device, Long> lost = new HashMap<>();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();
  private final Thread watcher;
  private volatile Set<Device> offline;
  private volatile boolean isClosed;

  /** A companion of the account with this LID. */
  public record Device(String lid, int device) {}

  /**
   * A number was not connected.
   *
   * @param from when it was first seen so, in {@link System#nanoTime()}
   * @param until when it was first seen connected again
   */
  public record Gap(Device device, long from, long until) {
    /** Whether it began within a time from a moment on, in {@link System#nanoTime()}. */
    public boolean beganWithin(long moment, Duration within) {
      long after = from - moment;
      return after >= 0 && after < within.toNanos();
    }
  }

  private Connections(ControlClient phones, Set<Device> watched) {
    this.phones = phones;
    this.watched = watched;
    offline = watched;
    watcher = Thread.ofPlatform().name("connections").start(this::watch);
  }

  /** Watches these. */
  public static Connections of(ControlClient phones, Collection<LinkedNumber> numbers) {
    return new Connections(
        phones, numbers.stream().map(LinkedNumber::device).collect(Collectors.toUnmodifiableSet()));
  }

  private void watch() {
    try {
      while (!isClosed) {
        look();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    long before = System.nanoTime();
    Set<Device> connected =
        phones.connected().stream()
            .map(each -> new Device(each.getString("lid"), each.getInteger("device")))
            .collect(Collectors.toSet());
    long after = System.nanoTime();
    Set<Device> now = new HashSet<>(watched);
    now.removeAll(connected);
    for (Device device : now) lost.putIfAbsent(device, before);
    lost.entrySet()
        .removeIf(
            entry -> {
              boolean isBack = !now.contains(entry.getKey());
              if (isBack) gaps.add(new Gap(entry.getKey(), entry.getValue(), after));
              return isBack;
            });
    offline = Set.copyOf(now);
  }

  /** Who was not connected at the last look; all, before the first one. */
  public Set<Device> offline() {
    return offline;
  }

  /** The gaps that are over. */
  public List<Gap> gaps() {
    return gaps;
  }

  /**
   * Waits until all have been connected for a while, and so have done all that they do of
   * themselves.
   */
  public void awaitSettled() {
    long begun = System.nanoTime();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              boolean areAllOnline = offline.isEmpty(); // first: a gap is there before that is seen
              long last = gaps.stream().mapToLong(Gap::until).max().orElse(begun);
              return areAllOnline && System.nanoTime() - last > SETTLED.toNanos();
            });
  }

  /** Those that began within a time from some moment on, in {@link System#nanoTime()}. */
  public List<Gap> gapsFrom(long moment, Duration within) {
    return gaps.stream().filter(gap -> gap.beganWithin(moment, within)).toList();
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      watcher.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.heliograph.fleet;

import static java.util.Objects.requireNonNull;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.UnreadableJournalException;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live sessions of this worker: at most one per instance, each on a virtual thread of its own.
 */
final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);
  private static final Duration REOPEN_AFTER = Duration.ofSeconds(1);

  /** An interruption may be lost in a library: it is said again. */
  private static final Duration BETWEEN_INTERRUPTIONS = Duration.ofSeconds(1);

  private final SessionRunner runner;
  private final Function<Runnable, Mailbox> mailboxes;
  private final Starts starts;
  private final int most;
  private final Duration toEnd;
  private final Threads threads;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Defects defects;
  private final Map<InstanceId, Live> live = new HashMap<>();
  private final Set<Integer> open = new TreeSet<>();

  /** What could not be started for want of confidence. */
  private final Map<InstanceId, Postponed> postponed = new LinkedHashMap<>();

  private long started;
  private boolean confident = true;
  private boolean full;

  private record Live(
      long number, int shard, Mailbox mailbox, Threads.Task task, Starts.Start start, long since) {}

  private record Postponed(int shard, List<QueuePlace> messages, boolean wasConnected) {
    Postponed followedBy(Postponed later) {
      Set<QueuePlace> all = new LinkedHashSet<>(messages);
      all.addAll(later.messages);
      return new Postponed(shard, List.copyOf(all), wasConnected || later.wasConnected);
    }
  }

  /**
   * None yet.
   *
   * @param mailboxes makes one, which calls what it is given when its session is connected
   * @param most so many at a time
   * @param toEnd how long a session may take to end in good order; and then, interrupted, at all
   */
  Sessions(
      SessionRunner runner,
      Function<Runnable, Mailbox> mailboxes,
      Starts starts,
      int most,
      Duration toEnd,
      Threads threads,
      LongSupplier nanos,
      RandomGenerator random) {
    this.runner = runner;
    this.mailboxes = mailboxes;
    this.starts = starts;
    this.most = most;
    this.toEnd = toEnd;
    this.threads = threads;
    this.nanos = nanos;
    this.random = random;
    this.defects = new Defects(nanos, random);
  }

  /** Lets sessions of a shard start. */
  synchronized void open(int shard) {
    open.add(shard);
  }

  /**
   * Whether anything new may be started at the moment; what runs goes on either way. What was to be
   * started meanwhile is, as soon as it may.
   */
  synchronized void setConfident(boolean confident) {
    this.confident = confident;
    if (confident) {
      Map<InstanceId, Postponed> due = new LinkedHashMap<>(postponed);
      postponed.clear();
      due.forEach((id, look) -> look(look.shard(), id, look.messages(), look.wasConnected()));
    }
  }

  /**
   * Has the session of an instance look at its rows, and starts it if it is not there.
   *
   * @param shard the one that the instance's row says
   * @param messages rows that are said to wait; the instance's own row is looked at in any case
   * @return the {@link #number} of the session that was told; 0 if there was none to tell
   */
  long look(int shard, InstanceId instance, List<QueuePlace> messages) {
    return look(shard, instance, messages, false);
  }

  /**
   * The same.
   *
   * @param wasConnected whether its row says that it is: then it starts before others
   */
  synchronized long look(
      int shard, InstanceId instance, List<QueuePlace> messages, boolean wasConnected) {
    Live running = live.get(instance);
    if (running == null) {
      running = start(shard, instance, wasConnected);
    }
    if (running != null) {
      running.mailbox().put(new Mail.Look(messages));
      return running.number();
    }
    if (!confident) {
      postponed.merge(
          instance, new Postponed(shard, messages, wasConnected), Postponed::followedBy);
    }
    return 0;
  }

  private @Nullable Live start(int shard, InstanceId instance, boolean wasConnected) {
    if (!open.contains(shard) || !confident || isFull() || defects.isLeftAlone(instance)) {
      return null;
    }
    Starts.Start start = starts.create();
    Mailbox mailbox = mailboxes.apply(start::done);
    Threads.Task task = threads.create("session " + instance, () -> run(instance, shard, mailbox));
    Live session = new Live(++started, shard, mailbox, task, start, nanos.getAsLong());
    live.put(instance, session);
    start.ask(task::start, wasConnected);
    return session;
  }

  private boolean isFull() {
    boolean wasFull = full;
    full = live.size() >= most;
    if (full && !wasFull) {
      log.atError().addKeyValue("sessions", most).log("no room for another session");
    }
    return full;
  }

  private void run(InstanceId instance, int shard, Mailbox mailbox) {
    SessionRunner.After after = SessionRunner.After.REOPEN;
    boolean failed = true;
    try {
      after = runner.run(instance, shard, mailbox);
      failed = false;
    } catch (InterruptedException ended) {
      after = SessionRunner.After.REST;
      failed = false;
    } catch (UnreadableJournalException newer) {
      log.atError()
          .addKeyValue("instance", instance)
          .addKeyValue("why", newer.getMessage())
          .log("journal of another version, left to its workers");
    } catch (RuntimeException defect) {
      // The edge of a session: what it remembered is gone, and its journal knows all of it.
      log.atError().addKeyValue("instance", instance).setCause(defect).log("session failed");
    } finally {
      ended(instance, failed, after);
    }
  }

  private synchronized void ended(InstanceId instance, boolean failed, SessionRunner.After after) {
    Live ended = requireNonNull(live.remove(instance));
    ended.start().done();
    if (after == SessionRunner.After.REST) {
      defects.ended(instance);
    }
    if (!open.contains(ended.shard())) {
      return;
    }
    Duration pause =
        failed
            ? defects.failed(instance, Duration.ofNanos(nanos.getAsLong() - ended.since()))
            : REOPEN_AFTER.plusMillis(random.nextLong(1000));
    List<QueuePlace> missed = new ArrayList<>();
    boolean looked = false;
    for (Mail mail : ended.mailbox().drain()) {
      if (mail instanceof Mail.Look(List<QueuePlace> messages)) {
        looked = true;
        missed.addAll(messages);
      }
    }
    if (after == SessionRunner.After.REOPEN) {
      threads.later(pause, () -> look(ended.shard(), instance, missed));
    } else if (looked) {
      look(ended.shard(), instance, missed);
    }
  }

  /** The instances with a live session. */
  synchronized Set<InstanceId> running() {
    return Set.copyOf(live.keySet());
  }

  /** The number of the instance's session, which no other has; 0 if there is none. */
  synchronized long number(InstanceId instance) {
    Live running = live.get(instance);
    return running == null ? 0 : running.number();
  }

  /** How many sessions have a connection that WhatsApp has accepted. */
  synchronized int connected() {
    return (int) live.values().stream().filter(running -> running.mailbox().isConnected()).count();
  }

  /** What waits in all mailboxes. */
  synchronized int waiting() {
    return live.values().stream().mapToInt(running -> running.mailbox().size()).sum();
  }

  /** What waits in the fullest of them. */
  synchronized int longestMailbox() {
    return live.values().stream().mapToInt(running -> running.mailbox().size()).max().orElse(0);
  }

  /** Whether the instance's session has a connection that WhatsApp has accepted. */
  synchronized boolean isConnected(InstanceId instance) {
    Live running = live.get(instance);
    return running != null && running.mailbox().isConnected();
  }

  /** Has all sessions begin to end in good order, each with a checkpoint. */
  synchronized void askToEnd() {
    new TreeSet<>(open).forEach(this::askToEnd);
  }

  private synchronized void askToEnd(int shard) {
    if (open.remove(shard)) {
      forgetNotBegun();
      of(shard).forEach(running -> running.mailbox().put(new Mail.Release()));
    }
  }

  /**
   * Ends the sessions of a shard in good order, each with a checkpoint, and waits for them. One
   * that takes too long (a table or WhatsApp that does not answer) is interrupted: it holds up
   * neither its neighbours nor the end of the process, and its journal knows all of it.
   */
  void release(int shard) throws InterruptedException {
    askToEnd(shard);
    List<Threads.Task> ending = of(shard).stream().map(Live::task).toList();
    if (haveEnded(ending, toEnd)) {
      return;
    }
    // From now on: a worker that stood still has not waited for those whom it interrupts.
    long begun = nanos.getAsLong();
    do {
      ending.forEach(Threads.Task::interrupt);
      if (haveEnded(ending, BETWEEN_INTERRUPTIONS)) {
        return;
      }
    } while (nanos.getAsLong() - begun < toEnd.toNanos());
    log.atError().addKeyValue("shard", shard).log("sessions do not end, given up as they are");
  }

  private boolean haveEnded(List<Threads.Task> tasks, Duration within) throws InterruptedException {
    long begun = nanos.getAsLong();
    for (Threads.Task task : tasks) {
      if (!task.join(within.minusNanos(nanos.getAsLong() - begun))) {
        return false;
      }
    }
    return true;
  }

  private synchronized List<Live> of(int shard) {
    return live.values().stream().filter(running -> running.shard() == shard).toList();
  }

  /** Ends all sessions at once, as they are: others have their shards by now. */
  synchronized void abandon() {
    open.clear();
    forgetNotBegun();
    live.values().forEach(running -> running.task().interrupt());
  }

  /** Ends the sessions of a shard at once: someone else has it. */
  synchronized void abandon(int shard) {
    open.remove(shard);
    forgetNotBegun();
    of(shard).forEach(running -> running.task().interrupt());
  }

  /** What waits for its turn on a shard that is ours no more. */
  private void forgetNotBegun() {
    postponed.values().removeIf(look -> !open.contains(look.shard()));
    live.values()
        .removeIf(waiting -> !open.contains(waiting.shard()) && waiting.start().withdraw());
  }
}

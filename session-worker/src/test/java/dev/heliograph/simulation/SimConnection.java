package dev.heliograph.simulation;

import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.binary.NodeDecoder;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.ConnectionClosedException;
import dev.heliograph.whatsapp.socket.IqErrorException;
import dev.heliograph.whatsapp.socket.IqTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection of one owner to the simulated WhatsApp: nodes arrive in order and after a while, or
 * not at all once the line is cut, which either side notices later.
 */
final class SimConnection implements Connection {
  private final String who;
  private final SimWhatsApp server;
  private final Listener listener;
  private final Scheduler scheduler;
  private final SimClock clock;
  private final Chance chance;

  private boolean open = true;
  private boolean openAtServer = true;
  private boolean cut;
  private boolean paused;
  private CloseReason reason = CloseReason.CLOSED_BY_US;
  private long upAt;
  private long downAt;
  private int ids;
  private final Deque<Node> held = new ArrayDeque<>();
  private final Map<String, Waiter> waiters = new HashMap<>();

  private static final class Waiter {
    private final @Nullable SimProcess process;
    private @Nullable Node answer;

    Waiter(@Nullable SimProcess process) {
      this.process = process;
    }
  }

  SimConnection(
      String who,
      SimWhatsApp server,
      Listener listener,
      Scheduler scheduler,
      SimClock clock,
      Chance chance) {
    this.who = who;
    this.server = server;
    this.listener = listener;
    this.scheduler = scheduler;
    this.clock = clock;
    this.chance = chance;
    this.upAt = scheduler.nanos();
    this.downAt = scheduler.nanos();
  }

  String who() {
    return who;
  }

  boolean isOpenAtServer() {
    return openAtServer;
  }

  @Override
  public void send(Node node) {
    send(node, null);
  }

  @Override
  public void send(byte[] encodedNode) {
    send(NodeDecoder.decode(encodedNode), encodedNode);
  }

  private void send(Node node, byte @Nullable [] encoded) {
    scheduler.waitFor(Duration.ofNanos(1_000 + chance.below(300_000)));
    throwIfClosed();
    scheduler.trace("sends " + SimWhatsApp.describe(node));
    server.sees(who, node, encoded);
    if (chance.in1000(server.weather().cut())) {
      cut();
    }
    upAt = Math.max(upAt + 1, scheduler.nanos() + journey().toNanos());
    scheduler.after(
        Duration.ofNanos(upAt - scheduler.nanos()),
        () -> {
          if (!cut && openAtServer) {
            server.received(this, node);
          }
        });
  }

  private Duration journey() {
    return chance.millis(5, chance.in1000(100) ? 900 : 60);
  }

  private void throwIfClosed() {
    if (!open) {
      throw new ConnectionClosedException(reason);
    }
  }

  /** Whatever is under way is lost; both sides learn of it when they learn of it. */
  void cut() {
    if (!cut) {
      cut = true;
      scheduler.trace(who, "its line is cut");
      scheduler.after(chance.millis(100, 30_000), () -> lose(CloseReason.LOST));
      scheduler.after(chance.millis(100, 60_000), this::closeAtServer);
    }
  }

  private void closeAtServer() {
    openAtServer = false;
    server.closed(this);
  }

  private void lose(CloseReason why) {
    if (open) {
      open = false;
      reason = why;
      waiters.values().forEach(this::wake);
      scheduler.trace(who, "loses its connection: " + why);
      listener.closed(why);
    }
  }

  private void wake(Waiter waiter) {
    if (waiter.process != null) {
      scheduler.wake(waiter.process, Duration.ZERO);
    }
  }

  /** Sends a node to the client. */
  void push(Node said) {
    if (!openAtServer || cut) {
      return;
    }
    Node node = server.meddled(said);
    downAt = Math.max(downAt + 1, scheduler.nanos() + journey().toNanos());
    scheduler.after(
        Duration.ofNanos(downAt - scheduler.nanos()),
        () -> {
          if (!cut) {
            arrive(node);
          }
        });
  }

  private void arrive(Node node) {
    if (paused) {
      held.add(node);
    } else if (open) {
      deliver(node);
    }
  }

  private void deliver(Node node) {
    scheduler.trace(who, "gets " + SimWhatsApp.describe(node));
    boolean isAnswer = node.is("iq") && (node.is("type", "result") || node.is("type", "error"));
    Waiter waiter = isAnswer ? waiters.get(node.requireAttr("id")) : null;
    if (waiter == null) {
      listener.received(node);
    } else {
      waiter.answer = node;
      wake(waiter);
    }
  }

  /** Ends the stream from the server's side, after what was pushed. */
  void end() {
    openAtServer = false;
    downAt = Math.max(downAt + 1, scheduler.nanos() + journey().toNanos());
    scheduler.after(
        Duration.ofNanos(downAt - scheduler.nanos()), () -> lose(CloseReason.CLOSED_BY_SERVER));
  }

  @Override
  public Node request(Node iq, Duration timeout) throws InterruptedException {
    String id = iq.requireAttr("id");
    Waiter waiter = new Waiter(scheduler.running());
    waiters.put(id, waiter);
    try {
      send(iq);
      long until = scheduler.nanos() + timeout.toNanos();
      while (waiter.answer == null && open && scheduler.nanos() < until) {
        clock.pause(Duration.ofNanos(until - scheduler.nanos()));
      }
    } finally {
      waiters.remove(id);
    }
    Node answer = waiter.answer;
    if (answer == null) {
      throwIfClosed();
      throw new IqTimeoutException();
    }
    if (answer.is("type", "error")) {
      throw IqErrorException.from(answer);
    }
    return answer;
  }

  @Override
  public String nextId() {
    return "iq-" + ++ids;
  }

  @Override
  public boolean hasWaiters() {
    return !waiters.isEmpty();
  }

  boolean isPaused() {
    return paused;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    while (open && !paused && !held.isEmpty()) {
      deliver(held.remove());
    }
  }

  @Override
  public void close() {
    scheduler.checkAlive();
    if (open) {
      open = false;
      waiters.values().forEach(this::wake);
      scheduler.after(Duration.ofMillis(1), () -> listener.closed(CloseReason.CLOSED_BY_US));
      scheduler.after(journey(), this::closeAtServer);
    }
  }

  /** The process at the client's end is no more. */
  void crash() {
    open = false;
    scheduler.after(journey(), this::closeAtServer);
  }
}

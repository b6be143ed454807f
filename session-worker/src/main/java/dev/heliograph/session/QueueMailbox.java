package dev.heliograph.session;

import dev.heliograph.message.QueuePlace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A mailbox between threads. Rings that nobody has heard yet are one. */
public final class QueueMailbox implements Mailbox {
  private static final Mail.Look LOOK = new Mail.Look(List.of());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<Mail> queue = new ArrayDeque<>();
  private final Runnable onConnected;
  private final TreeSet<QueuePlace> named = new TreeSet<>();
  private boolean looks;
  private final StanzaLoad load = new StanzaLoad();
  private volatile boolean connected;

  /** An empty one. */
  public QueueMailbox() {
    this(() -> {});
  }

  /**
   * An empty one.
   *
   * @param onConnected called each time WhatsApp has let the session in
   */
  public QueueMailbox(Runnable onConnected) {
    this.onConnected = onConnected;
  }

  @Override
  public void put(Mail mail) {
    lock.lock();
    try {
      switch (mail) {
        case Mail.Look(List<QueuePlace> messages) -> ring(messages);
        case Mail.Stanza stanza -> {
          queue.addLast(stanza);
          load.add(stanza);
        }
        case Mail.Closed closed -> queue.addLast(closed);
        case Mail.Release release -> queue.addLast(release);
      }
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void ring(List<QueuePlace> messages) {
    named.addAll(messages);
    Mail.Look.trim(named);
    if (!looks) {
      looks = true;
      queue.addLast(LOOK);
    }
  }

  @Override
  public Optional<Mail> poll(Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty()) {
        if (left <= 0) {
          return Optional.empty();
        }
        left = filled.awaitNanos(left);
      }
      return Optional.of(take());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Mail.Stanza> pollStanza() {
    lock.lock();
    try {
      return queue.peekFirst() instanceof Mail.Stanza
          ? Optional.of((Mail.Stanza) take())
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Mail take() {
    Mail mail = queue.removeFirst();
    return switch (mail) {
      case Mail.Look ring -> heard();
      case Mail.Stanza stanza -> {
        load.remove(stanza);
        yield stanza;
      }
      case Mail.Closed closed -> closed;
      case Mail.Release release -> release;
    };
  }

  private Mail.Look heard() {
    Mail.Look look = new Mail.Look(List.copyOf(named));
    named.clear();
    looks = false;
    return look;
  }

  @Override
  public List<Mail> drain() {
    lock.lock();
    try {
      List<Mail> all = new ArrayList<>();
      while (!queue.isEmpty()) {
        all.add(take());
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isFull() {
    lock.lock();
    try {
      return load.isFull();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOverflowing() {
    lock.lock();
    try {
      return load.isOverflowing();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setConnected(boolean connected) {
    this.connected = connected;
    if (connected) {
      onConnected.run();
    }
  }

  @Override
  public boolean isConnected() {
    return connected;
  }
}

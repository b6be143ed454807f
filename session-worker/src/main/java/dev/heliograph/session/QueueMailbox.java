package dev.heliograph.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A mailbox between threads. */
public final class QueueMailbox implements Mailbox {
  private static final int FULL = 256;
  private static final int OVERFLOWING = 4096;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<Mail> queue = new ArrayDeque<>();
  private final Runnable onConnected;
  private int stanzas;
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
      queue.addLast(mail);
      if (mail instanceof Mail.Stanza) {
        stanzas++;
      }
      filled.signal();
    } finally {
      lock.unlock();
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
    if (mail instanceof Mail.Stanza) {
      stanzas--;
    }
    return mail;
  }

  @Override
  public List<Mail> drain() {
    lock.lock();
    try {
      List<Mail> all = new ArrayList<>(queue);
      queue.clear();
      stanzas = 0;
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
      return stanzas >= FULL;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOverflowing() {
    lock.lock();
    try {
      return stanzas >= OVERFLOWING;
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

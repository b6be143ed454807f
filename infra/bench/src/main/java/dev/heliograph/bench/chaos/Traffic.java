package dev.heliograph.bench.chaos;

import dev.heliograph.bench.chaos.Ledger.Direction;
import dev.heliograph.bench.chaos.Ledger.Entry;
import dev.heliograph.bench.deployment.LinkedNumber;
import dev.heliograph.local.e2e.Customer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Texts between numbers and phones, both ways in turn, at a steady rate. */
final class Traffic implements AutoCloseable {
  private final Customer customer;
  private final List<LinkedNumber> numbers;
  private final List<String> friends;
  private final Ledger ledger;
  private final long interval;
  private final Random random;
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread pacer;
  private volatile boolean isOver;

  private Traffic(
      Customer customer,
      List<LinkedNumber> numbers,
      List<String> friends,
      Ledger ledger,
      double perSecond,
      long seed) {
    this.customer = customer;
    this.numbers = numbers;
    this.friends = friends;
    this.ledger = ledger;
    interval = Math.round(1e9 / perSecond);
    random = new Random(seed);
    pacer = Thread.ofPlatform().name("traffic").start(this::pace);
  }

  /** Begins, and goes on until it is closed. */
  static Traffic start(
      Customer customer,
      List<LinkedNumber> numbers,
      List<String> friends,
      Ledger ledger,
      double perSecond,
      long seed) {
    return new Traffic(customer, numbers, friends, ledger, perSecond, seed);
  }

  private void pace() {
    long next = System.nanoTime();
    for (int count = 1; !isOver; count++) {
      Entry entry = draw(count);
      senders.execute(() -> send(entry));
      next += interval;
      while (next - System.nanoTime() > 0) LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private Entry draw(int count) {
    Direction direction = count % 2 == 0 ? Direction.IN : Direction.OUT;
    LinkedNumber number = numbers.get(random.nextInt(numbers.size()));
    String friend = friends.get(random.nextInt(friends.size()));
    return new Entry(direction, number, friend, "%s %d".formatted(direction, count));
  }

  private void send(Entry entry) {
    try {
      switch (entry.direction()) {
        case OUT ->
            customer.send(entry.number().paired(), entry.friend(), entry.text(), entry.text());
        case IN -> customer.phones().send(entry.friend(), entry.number().msisdn(), entry.text());
      }
      ledger.accepted(entry);
    } catch (RuntimeException | AssertionError failure) {
      ledger.refused(entry, String.valueOf(failure.getMessage()));
    }
  }

  /** Begins no more texts, and waits for the answers to those that it has begun. */
  @Override
  public void close() {
    isOver = true;
    try {
      pacer.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    senders.close();
  }
}

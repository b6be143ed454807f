package dev.heliograph.crash;

import dev.heliograph.message.QueuePlace;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.QueueMailbox;
import dev.heliograph.session.Session;
import dev.heliograph.simulation.Crashed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Somebody who has the session of a number, as long as it lives. */
final class Owner {
  private static final Duration LONGEST_END = Duration.ofSeconds(30);

  private final Life life;
  private final Mailbox mailbox = new QueueMailbox();
  private final AtomicReference<@Nullable Throwable> defect = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean released;

  /** Makes the session of an owner that is to open it. */
  @FunctionalInterface
  interface Opening {
    Session open(Mailbox mailbox, Life life);
  }

  private Owner(Opening opening, Life life) {
    this.life = life;
    this.thread = Thread.ofVirtual().unstarted(() -> live(opening));
  }

  /** Opens the session; it dies after so many steps, or lives for ever with 0. */
  static Owner start(Opening opening, int steps) {
    Owner owner = new Owner(opening, new Life(steps));
    owner.look(List.of());
    owner.thread.start();
    return owner;
  }

  /** As a worker runs the sessions of an instance, one after the other. */
  private void live(Opening opening) {
    try {
      while (!released) {
        mailbox.poll(Duration.ofHours(1)).ifPresent(mailbox::put);
        opening.open(mailbox, life).run();
      }
    } catch (Crashed dead) {
      // As it was to be.
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error failure) {
      defect.set(failure);
    }
  }

  /** Has it look at its rows. */
  void look(List<QueuePlace> messages) {
    mailbox.put(new Mail.Look(messages));
  }

  boolean isDead() {
    Throwable failure = defect.get();
    if (failure != null) {
      throw new AssertionError("the session has failed", failure);
    }
    return life.isOver();
  }

  /** Has it end in good order, and waits for that, or for its death. */
  void release() throws InterruptedException {
    released = true;
    mailbox.put(new Mail.Release());
    if (!thread.join(LONGEST_END)) {
      throw new AssertionError("the session does not end");
    }
  }

  /** What it has written and sent. */
  int steps() {
    return life.taken();
  }
}

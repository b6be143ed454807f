package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.session.Mailbox;

/** Runs the session of an instance on the calling thread until it ends. */
@FunctionalInterface
interface SessionRunner {
  /**
   * Runs it.
   *
   * @return what is to be done about it next
   */
  After run(InstanceId instance, int shard, Mailbox mailbox) throws InterruptedException;

  /** What follows the end of a session. */
  enum After {
    /** It has nothing to do: the next ring or tick opens it again. */
    REST,
    /** It could not go on from what it remembered: open it anew, if the shard is still ours. */
    REOPEN
  }
}

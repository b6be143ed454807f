package dev.heliograph.session;

import java.util.Optional;

/** The epoch in which a session's shard is held. */
public interface Epochs {
  /** The one that the owner knows of. */
  long current();

  /**
   * A journal was met that is in a later epoch: makes the shard's later still, if it is ours.
   *
   * @return the new epoch; empty if the shard is someone else's
   */
  Optional<Long> raiseAbove(long met);
}

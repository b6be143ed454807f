package dev.heliograph.journal;

import java.time.Duration;
import java.util.List;

/** Told what a log does, on the thread of its session and without a say in it: for who counts. */
public interface LogListener {
  /** One who does not care. */
  LogListener NONE = new LogListener() {};

  /** What one try of putting an entry came to. */
  enum Outcome {
    /** The entry is in. */
    DONE,
    /** Another owner's entry is there. */
    REFUSED,
    /** Nobody said whether it is in. */
    UNKNOWN,
    /** Not done, for the table's load. */
    THROTTLED
  }

  /** An entry was put once; one step may need several tries. */
  default void tried(Outcome outcome, Duration took) {}

  /** The past is read, and every earlier owner is fenced. */
  default void opened(SessionState state) {}

  /** A step has happened: this is in the journal. */
  default void appended(List<Fact> facts, List<Announcement> announcements) {}

  /** A checkpoint is written, with the records that changed before it. */
  default void checkpointed(int bytes, Duration took) {}
}

package dev.heliograph.session;

import dev.heliograph.message.QueuePlace;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.socket.CloseReason;
import java.util.List;
import java.util.NavigableSet;

/** What a session is told, in the order in which it is to handle it. */
public sealed interface Mail {
  /**
   * A stanza came in.
   *
   * @param connection the number of the connection: those of an earlier one are ignored
   */
  record Stanza(long connection, Node node) implements Mail {}

  /** The connection of this number is over. */
  record Closed(long connection, CloseReason reason) implements Mail {}

  /**
   * Look at the instance's row, and at these rows of messages.
   *
   * @param messages those that are said to wait; they may have been dealt with
   */
  record Look(List<QueuePlace> messages) implements Mail {
    /** So many are named, and remembered, at most: what is more is found by a later tick. */
    public static final int MOST = 5000;

    public Look {
      messages = List.copyOf(messages);
    }

    /**
     * Leaves out the latest of too many.
     *
     * @return whether there were too many
     */
    public static boolean trim(NavigableSet<QueuePlace> messages) {
      boolean isTooMany = messages.size() > MOST;
      while (messages.size() > MOST) {
        messages.pollLast();
      }
      return isTooMany;
    }
  }

  /** Finish what is begun, write a checkpoint, end. */
  record Release() implements Mail {}
}

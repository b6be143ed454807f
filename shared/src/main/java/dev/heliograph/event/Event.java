package dev.heliograph.event;

import dev.heliograph.account.CustomerId;
import dev.heliograph.event.EventData.InstanceChanged;
import dev.heliograph.event.EventData.InstanceDeleted;
import dev.heliograph.event.EventData.MessageFailed;
import dev.heliograph.event.EventData.MessageMoved;
import dev.heliograph.event.EventData.MessageReceived;
import dev.heliograph.event.EventData.MessageUnreadable;
import dev.heliograph.event.EventData.QrShown;
import dev.heliograph.instance.InstanceId;
import java.time.Instant;

/**
 * A fact about an instance, born in one journal entry.
 *
 * @param timestamp when it happened
 * @param sequence counts the instance's events from 1, without gaps
 */
public record Event(
    EventId id,
    EventType type,
    Instant timestamp,
    InstanceId instance,
    CustomerId customer,
    long sequence,
    EventData data) {

  public Event {
    if (!fits(type, data)) {
      throw new IllegalArgumentException("not the data of an event of type " + type.wire());
    }
    if (sequence < 1) {
      throw new IllegalArgumentException("events are counted from 1");
    }
  }

  private static boolean fits(EventType type, EventData data) {
    return switch (type) {
      case INSTANCE_QR -> data instanceof QrShown;
      case INSTANCE_PENDING,
          INSTANCE_CONNECTING,
          INSTANCE_CONNECTED,
          INSTANCE_DISCONNECTED,
          INSTANCE_FAILED ->
          data instanceof InstanceChanged changed
              && type.wire().equals("instance." + changed.status().wire());
      case INSTANCE_DELETED -> data instanceof InstanceDeleted;
      case MESSAGE_RECEIVED -> data instanceof MessageReceived;
      case MESSAGE_SENT, MESSAGE_DELIVERED, MESSAGE_READ -> data instanceof MessageMoved;
      case MESSAGE_FAILED -> data instanceof MessageFailed;
      case MESSAGE_UNDECRYPTABLE, MESSAGE_UNSUPPORTED -> data instanceof MessageUnreadable;
    };
  }
}

package dev.heliograph.journal;

import dev.heliograph.event.EventId;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.MessageStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The row values that follow from entries and are not written yet: the last one of each row. */
final class PendingRows {
  private @Nullable Status status;
  private final Map<MessageId, Outbound> outbound = new LinkedHashMap<>();
  private final Map<MessageId, InboundRow> inbound = new LinkedHashMap<>();
  private long retired;

  private record Status(long seq, StatusProjection projection) {}

  private record Outbound(long seq, MessageProjection projection) {}

  /** Takes in an entry; {@code after} is the state that it led to. */
  void add(Entry entry, List<Fact> facts, SessionState after) {
    for (Fact fact : facts) {
      switch (fact) {
        case Fact.Paired paired -> changed(entry, after);
        case Fact.PairingEnded ended -> changed(entry, after);
        case Fact.StatusChanged changed -> changed(entry, after);
        case Fact.WishUsed used -> changed(entry, after);
        case Fact.QrShown shown -> changed(entry, after);
        case Fact.Deleted deleted -> retired = entry.seq();
        case Fact.Received received ->
            receive(
                entry,
                received.message(),
                EventId.of(entry.instance(), entry.seq(), received.event()));
        case Fact.Noted noted -> receive(entry, noted.message(), null);
        case Fact.Sending sending ->
            move(entry, sending.message(), MessageStatus.SENDING, null, null);
        case Fact.Sent sent -> move(entry, sent.message(), MessageStatus.SENT, sent.at(), null);
        case Fact.Raised raised -> move(entry, raised.message(), raised.to(), raised.at(), null);
        case Fact.Failed failed ->
            move(entry, failed.message(), MessageStatus.FAILED, null, failed.error());
        case Fact.Opened none -> {}
        case Fact.RatchetsDropped none -> {}
        case Fact.PairingConfirmed none -> {}
        case Fact.RetryAsked none -> {}
        case Fact.Replayed none -> {}
        case Fact.Refused none -> {}
        case Fact.RetryAnswered none -> {}
        case Fact.AnswerAcked none -> {}
      }
    }
  }

  private void receive(Entry entry, MessageId message, @Nullable EventId event) {
    inbound.put(message, new InboundRow(entry.instance(), message, entry.seq(), event, entry.at()));
  }

  private void changed(Entry entry, SessionState after) {
    status = new Status(entry.seq(), after.projection());
  }

  private void move(
      Entry entry,
      MessageId message,
      MessageStatus to,
      @Nullable Instant at,
      @Nullable String error) {
    Outbound before = outbound.get(message);
    MessageProjection last = before == null ? null : before.projection();
    outbound.put(
        message,
        new Outbound(
            entry.seq(),
            new MessageProjection(
                to,
                error,
                at(to == MessageStatus.SENT, at, last == null ? null : last.sentAt()),
                at(to == MessageStatus.DELIVERED, at, last == null ? null : last.deliveredAt()),
                at(isRead(to), at, last == null ? null : last.readAt()))));
  }

  private static boolean isRead(MessageStatus status) {
    return status == MessageStatus.READ || status == MessageStatus.PLAYED;
  }

  private static @Nullable Instant at(boolean now, @Nullable Instant at, @Nullable Instant before) {
    return now && before == null ? at : before;
  }

  /** Each write that is due; what returns from {@link Consumer#accept} is done with. */
  List<Consumer<SessionStorage>> drain() {
    List<Consumer<SessionStorage>> writes = new ArrayList<>();
    Status lastStatus = status;
    if (lastStatus != null) {
      writes.add(storage -> storage.project(lastStatus.seq(), lastStatus.projection()));
    }
    outbound.forEach(
        (message, row) ->
            writes.add(storage -> storage.project(message, row.seq(), row.projection())));
    inbound.values().forEach(row -> writes.add(storage -> storage.record(row)));
    if (retired > 0) {
      long seq = retired;
      writes.add(storage -> storage.retire(seq));
    }
    status = null;
    outbound.clear();
    inbound.clear();
    retired = 0;
    return writes;
  }
}

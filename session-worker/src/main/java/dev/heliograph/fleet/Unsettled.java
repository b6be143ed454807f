package dev.heliograph.fleet;

import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionState;
import dev.heliograph.message.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Since when messages are on their way to WhatsApp without an outcome, over all live sessions. */
final class Unsettled {
  /** WhatsApp acks within a second, and a replay follows after 75: this is none of both. */
  static final Duration LONG = Duration.ofMinutes(5);

  private final Map<MessageId, Instant> since = new ConcurrentHashMap<>();

  /** How many have been so for {@link #LONG}. */
  long overdue(Instant now) {
    return since.values().stream().filter(at -> at.plus(LONG).isBefore(now)).count();
  }

  /** Of one session, for its thread alone. */
  Of session() {
    return new Of();
  }

  /** What one session has sent. */
  final class Of {
    private final Set<MessageId> own = new HashSet<>();

    /** What its journal knows when it opens. */
    void opened(SessionState state) {
      close();
      state.unsettled().forEach(sent -> begin(sent.message(), sent.at()));
    }

    void appended(List<Fact> facts) {
      for (Fact fact : facts) {
        switch (fact) {
          case Fact.Sending sending -> begin(sending.message(), sending.at());
          case Fact.Sent sent -> end(sent.message());
          case Fact.Raised raised -> end(raised.message());
          case Fact.Failed failed -> end(failed.message());
          case Fact.Refused refused -> end(refused.message());
          case Fact.Opened _,
              Fact.RatchetsDropped _,
              Fact.Paired _,
              Fact.PairingConfirmed _,
              Fact.PairingEnded _,
              Fact.StatusChanged _,
              Fact.WishUsed _,
              Fact.QrShown _,
              Fact.Deleted _,
              Fact.Received _,
              Fact.Noted _,
              Fact.RetryAsked _,
              Fact.Replayed _,
              Fact.RetryAnswered _,
              Fact.AnswerAcked _ -> {}
        }
      }
    }

    private void begin(MessageId message, Instant at) {
      own.add(message);
      since.put(message, at);
    }

    private void end(MessageId message) {
      own.remove(message);
      since.remove(message);
    }

    /** The session is live no longer: whoever opens it next knows what it had sent. */
    void close() {
      own.forEach(since::remove);
      own.clear();
    }
  }
}

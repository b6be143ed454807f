package dev.heliograph.session;

import static java.util.Objects.requireNonNull;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Announcement;
import dev.heliograph.journal.Fact;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.stream.Ending;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What all sessions of a worker do. What their journals say is counted as these say it. */
public final class SessionMetrics implements SessionListener {
  private static final Duration[] WAIT_BUCKETS = {
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10)
  };

  private final Map<InstanceStatus, AtomicInteger> live = new EnumMap<>(InstanceStatus.class);
  private final MeterProvider<Counter> transitions;
  private final MeterProvider<Counter> ends;
  private final Counter logins;
  private final MeterProvider<Counter> connectionEnds;
  private final MeterProvider<Counter> connectionFailures;
  private final Timer waits;
  private final MeterProvider<Counter> sends;
  private final MeterProvider<Counter> receipts;
  private final MeterProvider<Counter> inbound;
  private final MeterProvider<Counter> retries;

  /** Counted there. */
  public SessionMetrics(MeterRegistry registry) {
    for (InstanceStatus status : InstanceStatus.values()) {
      AtomicInteger sessions = new AtomicInteger();
      live.put(status, sessions);
      Gauge.builder("heliograph.session.active", sessions, AtomicInteger::get)
          .description("Live sessions, by the status of their instance")
          .tag("status", status.wire())
          .strongReference(true)
          .register(registry);
    }
    transitions =
        counter(registry, "heliograph.session.transitions", "Changes of an instance's status");
    ends = counter(registry, "heliograph.session.ends", "Sessions that ended, by how");
    logins =
        Counter.builder("heliograph.session.logins")
            .description("Logins that WhatsApp accepted")
            .register(registry);
    connectionEnds =
        counter(registry, "heliograph.connection.ends", "Connections that ended, by why");
    connectionFailures =
        counter(registry, "heliograph.connection.failures", "Attempts to connect that failed");
    waits =
        Timer.builder("heliograph.message.wait")
            .description("From a message's acceptance by the API to its sending entry")
            .serviceLevelObjectives(WAIT_BUCKETS)
            .register(registry);
    sends = counter(registry, "heliograph.message.sends", "Outbound messages by what became of it");
    receipts = counter(registry, "heliograph.message.receipts", "Outbound messages by receipt");
    inbound = counter(registry, "heliograph.message.inbound", "Inbound messages by readability");
    retries = counter(registry, "heliograph.message.retries", "Retry receipts");
    beginWithZero();
  }

  private static MeterProvider<Counter> counter(MeterRegistry to, String name, String description) {
    return Counter.builder(name).description(description).withRegistry(to);
  }

  /** A rate of what is not there yet is not 0 but missing. */
  private void beginWithZero() {
    transition(InstanceStatus.CONNECTED, null);
    for (Session.End end : Session.End.values()) {
      ends.withTag("how", lower(end));
    }
    ends.withTag("how", "failed");
    for (CloseReason reason : CloseReason.values()) {
      connectionEnds.withTag("reason", lower(reason));
    }
    for (DialException.Reason reason : DialException.Reason.values()) {
      connectionFailures.withTag("reason", lower(reason));
    }
    for (String outcome : List.of("sent", "outcome_unknown", "deadline_exceeded", "refused")) {
      sends.withTag("outcome", outcome);
    }
    for (MessageStatus status : List.of(MessageStatus.DELIVERED, MessageStatus.READ)) {
      receipts.withTag("status", status.wire());
    }
    for (String outcome : List.of("received", "undecryptable", "unsupported")) {
      inbound.withTag("outcome", outcome);
    }
    for (String step : List.of("sent", "received", "answered")) {
      retries.withTag("step", step);
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The status of a live session's instance has changed; null before it begins, or at its end. */
  public void moved(@Nullable InstanceStatus from, @Nullable InstanceStatus to) {
    if (from != null) {
      requireNonNull(live.get(from)).decrementAndGet();
    }
    if (to != null) {
      requireNonNull(live.get(to)).incrementAndGet();
    }
  }

  /** A session has ended. */
  public void over(Session.End end) {
    ends.withTag("how", lower(end)).increment();
  }

  /** A session has ended by a defect. */
  public void failed() {
    ends.withTag("how", "failed").increment();
  }

  /** These are in a journal. */
  public void appended(List<Fact> facts, List<Announcement> announcements) {
    facts.forEach(this::count);
    announcements.forEach(this::count);
  }

  private void count(Fact fact) {
    switch (fact) {
      case Fact.StatusChanged changed -> transition(changed.status(), changed.reason()).increment();
      case Fact.Sent _ -> sends.withTag("outcome", "sent").increment();
      case Fact.Failed(_, String error, _) ->
          sends.withTag("outcome", withoutCode(error)).increment();
      case Fact.Raised(_, MessageStatus to, _) -> receipts.withTag("status", to.wire()).increment();
      case Fact.RetryAsked _ -> retries.withTag("step", "sent").increment();
      case Fact.RetryAnswered _ -> retries.withTag("step", "answered").increment();
      case Fact.Opened _,
          Fact.RatchetsDropped _,
          Fact.Paired _,
          Fact.PairingConfirmed _,
          Fact.PairingEnded _,
          Fact.WishUsed _,
          Fact.QrShown _,
          Fact.Deleted _,
          Fact.Received _,
          Fact.Noted _,
          Fact.Sending _,
          Fact.Replayed _,
          Fact.Refused _,
          Fact.AnswerAcked _ -> {}
    }
  }

  private Counter transition(InstanceStatus to, @Nullable StatusReason reason) {
    return transitions.withTags("to", to.wire(), "reason", reason == null ? "none" : reason.wire());
  }

  /** Which code WhatsApp refuses with is on the message's row; here it would be a tag per code. */
  private static String withoutCode(String error) {
    return error.startsWith("refused_") ? "refused" : error;
  }

  private void count(Announcement announcement) {
    switch (announcement.type()) {
      case MESSAGE_RECEIVED -> inbound.withTag("outcome", "received").increment();
      case MESSAGE_UNDECRYPTABLE -> inbound.withTag("outcome", "undecryptable").increment();
      case MESSAGE_UNSUPPORTED -> inbound.withTag("outcome", "unsupported").increment();
      case INSTANCE_QR,
          INSTANCE_CONNECTING,
          INSTANCE_CONNECTED,
          INSTANCE_DISCONNECTED,
          INSTANCE_FAILED,
          INSTANCE_PENDING,
          INSTANCE_DELETED,
          MESSAGE_SENT,
          MESSAGE_DELIVERED,
          MESSAGE_READ,
          MESSAGE_FAILED -> {}
    }
  }

  @Override
  public void notConnected(DialException.Reason reason) {
    connectionFailures.withTag("reason", lower(reason)).increment();
  }

  @Override
  public void lost(CloseReason reason) {
    connectionEnds.withTag("reason", lower(reason)).increment();
  }

  @Override
  public void ended(Ending ending) {
    switch (ending) {
      case Ending.RestartRequired _ -> connectionEnded("restart_required");
      case Ending.LoggedOut _ -> connectionEnded("logged_out");
      case Ending.Replaced _ -> connectionEnded("replaced");
      case Ending.TemporarilyBanned _ -> connectionEnded("temporarily_banned");
      case Ending.Banned _ -> connectionEnded("banned");
      case Ending.ClientOutdated _ -> connectionEnded("client_outdated");
      case Ending.Refused _ -> connectionEnded("refused");
      case Ending.Unavailable _ -> connectionEnded("unavailable");
      case Ending.BadStanza _, Ending.EndOfStream _ -> {} // told as lost
    }
  }

  private void connectionEnded(String reason) {
    connectionEnds.withTag("reason", reason).increment();
  }

  @Override
  public void loggedIn() {
    logins.increment();
  }

  @Override
  public void sending(Duration sinceAccepted) {
    waits.record(sinceAccepted.isNegative() ? Duration.ZERO : sinceAccepted);
  }

  @Override
  public void askedAgain() {
    retries.withTag("step", "received").increment();
  }
}

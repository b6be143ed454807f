package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.Announcement;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.LogListener;
import dev.heliograph.journal.SessionState;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionListener;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.stream.Ending;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts one session among all those of the worker. Used by the session's thread. */
final class SessionMeter implements LogListener, SessionListener, AutoCloseable {
  private final WorkerMetrics metrics;
  private final int shard;
  private final InstanceId instance;
  private final Unsettled.Of unsettled;
  private @Nullable InstanceStatus status;

  SessionMeter(WorkerMetrics metrics, int shard, InstanceId instance) {
    this.metrics = metrics;
    this.shard = shard;
    this.instance = instance;
    this.unsettled = metrics.unsettled().session();
  }

  @Override
  public void tried(Outcome outcome, Duration took) {
    metrics.journal().tried(outcome, took);
  }

  @Override
  public void opened(SessionState state) {
    move(state.status());
    unsettled.opened(state);
    metrics.takeovers().opened(shard, instance, state.status() == InstanceStatus.CONNECTED);
  }

  @Override
  public void appended(List<Fact> facts, List<Announcement> announcements) {
    metrics.sessions().appended(facts, announcements);
    unsettled.appended(facts);
    for (Fact fact : facts) {
      if (fact instanceof Fact.StatusChanged changed) {
        move(changed.status());
      }
    }
  }

  private void move(@Nullable InstanceStatus to) {
    metrics.sessions().moved(status, to);
    status = to;
  }

  @Override
  public void checkpointed(int bytes, Duration took) {
    metrics.journal().checkpointed(bytes, took);
  }

  @Override
  public void notConnected(DialException.Reason reason) {
    metrics.sessions().notConnected(reason);
  }

  @Override
  public void lost(CloseReason reason) {
    metrics.sessions().lost(reason);
  }

  @Override
  public void ended(Ending ending) {
    metrics.sessions().ended(ending);
  }

  @Override
  public void loggedIn() {
    metrics.sessions().loggedIn();
    metrics.takeovers().loggedIn(shard, instance).ifPresent(metrics.fleet()::tookOver);
  }

  @Override
  public void sending(Duration sinceAccepted) {
    metrics.sessions().sending(sinceAccepted);
  }

  @Override
  public void askedAgain() {
    metrics.sessions().askedAgain();
  }

  void over(Session.End end) {
    metrics.sessions().over(end);
  }

  void failed() {
    metrics.sessions().failed();
  }

  /** The session is live no longer, however it ended. */
  @Override
  public void close() {
    move(null);
    unsettled.close();
  }
}

package dev.heliograph.fleet;

import dev.heliograph.account.Accounts;
import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.FileKeyWrapper;
import dev.heliograph.authstate.KeyWrapper;
import dev.heliograph.authstate.KmsKeyWrapper;
import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.event.EventStreamServer;
import dev.heliograph.event.EventStreams;
import dev.heliograph.event.Events;
import dev.heliograph.health.CannotListenException;
import dev.heliograph.health.HealthServer;
import dev.heliograph.health.Vitals;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.journal.CallLimit;
import dev.heliograph.journal.DynamoDbSessionStorage;
import dev.heliograph.journal.Journal;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Messages;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.Mistakes;
import dev.heliograph.session.QueueMailbox;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionSettings;
import dev.heliograph.table.NotAcknowledgedException;
import dev.heliograph.table.Queues;
import dev.heliograph.whatsapp.auth.ClientPayloads;
import dev.heliograph.whatsapp.socket.Dialer;
import dev.heliograph.whatsapp.socket.Keepalive;
import dev.heliograph.whatsapp.socket.WhatsAppDialer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker process: holds shards, and a session for each number on them. Wires everything that it
 * is made of.
 */
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** SIGTERM is to be over within the 30 s that most who send it wait. */
  private static final Duration TO_END = Duration.ofSeconds(10);

  private static final Duration DIAL_PATIENCE = Duration.ofSeconds(5);

  private final RareWarning notOpened = new RareWarning(log, "session not opened");
  private final SecureRandom random = new SecureRandom();
  private final IdGenerator ids = IdGenerator.random();
  private final Mistakes mistakes = new Mistakes();

  private final SessionSettings sessionSettings;
  private final String id;
  private final InstantSource clock;
  private final WorkerMetrics metrics;
  private final Vitals vitals;
  private final Runnable onClosed;
  private final KeyWrapper keys;
  private final Vertx vertx;
  private final WhatsAppDialer dialer;
  private final Dialer pacedDialer;
  private final Instances instances;
  private final Messages messages;
  private final Journal journal;
  private final AuthState authState;
  private final CallLimit calls = new CallLimit(AwsClients.MOST_CALLS_AT_ONCE, System::nanoTime);
  private final FleetStorage fleet;
  private final ShardHolder holder;
  private final Sessions sessions;
  private final Threads.Task beats;
  private final @Nullable CloudWatchReport report;
  private @Nullable Thread reports;
  private final EventStreams streams;
  private @Nullable HealthServer health;
  private @Nullable EventStreamServer streamServer;

  /**
   * Starts a worker.
   *
   * @param onDeath called when other workers have declared this one dead: the process must end
   * @throws IOException if the key file cannot be read or made
   * @throws CannotListenException if one of its ports is taken
   */
  public static Worker start(WorkerSettings settings, Runnable onDeath) throws IOException {
    return start(settings, InstantSource.system(), onDeath);
  }

  /**
   * Starts a worker on a machine whose clock says something else.
   *
   * @param machine not the time that it goes by: that is DynamoDB's
   */
  public static Worker start(WorkerSettings settings, InstantSource machine, Runnable onDeath)
      throws IOException {
    DynamoDbClock clock = new DynamoDbClock(new SteadyTime(machine, System::nanoTime));
    WorkerMetrics metrics = new WorkerMetrics();
    AwsClients aws = AwsClients.of(settings.aws(), clock, metrics.aws());
    return start(settings, aws, clock, metrics, onDeath, aws::close);
  }

  /** With clients that are the caller's. */
  static Worker start(
      WorkerSettings settings,
      AwsClients aws,
      InstantSource clock,
      WorkerMetrics metrics,
      Runnable onDeath,
      Runnable onClosed)
      throws IOException {
    Worker worker = new Worker(settings, aws, clock, metrics, onDeath, onClosed);
    try {
      worker.listen(settings);
    } catch (CannotListenException elsewhere) {
      worker.closeAll();
      throw elsewhere;
    }
    worker.beats.start();
    worker.startReports();
    log.atInfo().addKeyValue("worker", worker.id).log("worker started");
    return worker;
  }

  private Worker(
      WorkerSettings settings,
      AwsClients aws,
      InstantSource clock,
      WorkerMetrics metrics,
      Runnable onDeath,
      Runnable onClosed)
      throws IOException {
    this.id = ids.ulid();
    this.clock = clock;
    this.metrics = metrics;
    this.vitals = new Vitals(settings.leases().lease(), System::nanoTime);
    this.onClosed = onClosed;
    this.keys = open(settings.wrappingKey(), aws);
    this.vertx = Vertx.vertx();
    this.dialer =
        new WhatsAppDialer(
            vertx,
            settings.whatsappUrl(),
            settings.noiseRootKey(),
            Keepalive.DEFAULT,
            clock,
            random);
    this.sessionSettings =
        new SessionSettings(
            id,
            settings.generation(),
            new ClientPayloads(settings.clientVersion(), settings.deviceName()),
            settings.grace(),
            settings.leases().lease(),
            settings.resendFor());
    this.instances = new Instances(aws.dynamoDb(), settings.prefix(), clock);
    this.messages = new Messages(aws.dynamoDb(), settings.prefix(), clock);
    this.fleet =
        new DynamoDbFleetStorage(new Fleet(aws.dynamoDb(), settings.prefix()), instances, messages);
    this.journal = new Journal(aws.journal(), settings.prefix());
    this.authState = new AuthState(aws.dynamoDb(), settings.prefix());
    Threads threads = new MachineThreads();
    this.sessions =
        new Sessions(
            this::run,
            QueueMailbox::new,
            new Starts(settings.loginsAtOnce(), threads),
            settings.mostSessions(),
            TO_END,
            threads,
            System::nanoTime,
            random);
    this.pacedDialer = new PacedDialer(dialer, settings.loginsAtOnce(), DIAL_PATIENCE);
    RareWarning notHeard = Bell.notHeard();
    ShardKeeper keeper = new ShardKeeper(fleet, sessions, metrics.instances(), clock);
    this.report =
        settings
            .metricsNamespace()
            .map(name -> new MetricsLog(name, settings.prefix(), System.out::println))
            .map(log -> metrics.report(log, clock))
            .orElse(null);
    Leases leases =
        new Leases(fleet, id, Queues.SHARDS, settings.leases(), clock, System::nanoTime, random);
    this.holder =
        new ShardHolder(
            leases,
            sessions,
            keeper,
            (shard, isHeld) ->
                new Bell(shard, aws.sqs(), settings.prefix(), keeper::ring, isHeld, notHeard),
            threads,
            settings.tick(),
            () -> died(onDeath),
            metrics,
            vitals);
    this.streams =
        new EventStreams(
            new Accounts(aws.dynamoDb(), settings.prefix(), ids, clock),
            instances,
            new Events(aws.dynamoDb(), settings.prefix(), clock),
            metrics.streams(),
            settings.mostStreams());
    metrics.fleet().watch(holder::held, sessions, settings.mostSessions(), calls::current);
    metrics.watch(clock);
    this.beats = MachineThreads.createPlatform("beats", holder::run);
  }

  private KeyWrapper open(WrappingKey key, AwsClients aws) throws IOException {
    return switch (key) {
      case WrappingKey.InFile(Path file) -> FileKeyWrapper.open(file, random);
      case WrappingKey.InKms(String id) -> new KmsKeyWrapper(aws.kms(), id);
    };
  }

  private void listen(WorkerSettings settings) {
    InetSocketAddress healthAddress = settings.health();
    if (healthAddress != null) {
      health = HealthServer.start(vertx, healthAddress, vitals, metrics::scrape);
    }
    InetSocketAddress streamAddress = settings.streams();
    if (streamAddress != null) {
      streamServer = EventStreamServer.start(vertx, streamAddress, streams, vitals);
    }
  }

  private void startReports() {
    if (report != null) {
      reports = Thread.ofVirtual().name("report").start(report);
    }
  }

  /** What was lost with it is to be heard of: the process ends here. */
  private void died(Runnable onDeath) {
    if (report != null) {
      report.write();
    }
    onDeath.run();
  }

  private SessionRunner.After run(InstanceId instance, int shard, Mailbox mailbox)
      throws InterruptedException {
    try (SessionMeter meter = new SessionMeter(metrics, shard, instance)) {
      SessionStorage storage =
          new DynamoDbSessionStorage(
              instance, journal, authState, instances, messages, clock, calls);
      Optional<Instance> row = storage.instance();
      if (row.isEmpty()) {
        mailbox.drain(); // there is nothing to look at
        return SessionRunner.After.REST;
      }
      return run(row.get(), storage, shard, mailbox, meter);
    } catch (NotAcknowledgedException unheard) {
      notOpened.of(shard, unheard);
      return SessionRunner.After.REOPEN;
    }
  }

  private SessionRunner.After run(
      Instance row, SessionStorage storage, int shard, Mailbox mailbox, SessionMeter meter)
      throws InterruptedException {
    SessionClock sessionClock = new SystemClock(clock);
    SessionLog sessionLog =
        new SessionLog(
            row.id(), row.customer(), storage, keys, random, ids, sessionClock, random, meter);
    Session session =
        new Session(
            row,
            sessionSettings,
            storage,
            sessionLog,
            mailbox,
            pacedDialer,
            new HeldEpoch(shard, id, fleet, holder),
            sessionClock,
            ids,
            random,
            meter,
            mistakes);
    Session.End end;
    try {
      end = session.run();
    } catch (NotAcknowledgedException unheard) {
      meter.over(Session.End.LOST);
      throw unheard;
    } catch (RuntimeException defect) {
      meter.failed();
      throw defect;
    }
    meter.over(end);
    return switch (end) {
      case AT_REST -> SessionRunner.After.REST;
      case LOST, NOT_OURS -> SessionRunner.After.REOPEN;
    };
  }

  /** The id of this incarnation. */
  public String id() {
    return id;
  }

  /** Where it says how it is; empty if it does not. */
  public Optional<URI> health() {
    return Optional.ofNullable(health).map(HealthServer::endpoint);
  }

  /** Where event streams are asked for; empty if nowhere. */
  public Optional<URI> streams() {
    return Optional.ofNullable(streamServer).map(EventStreamServer::endpoint);
  }

  /** Ends the event streams and gives every shard up, in good order, then ends. */
  @Override
  public void close() {
    if (streamServer != null) {
      streamServer.close();
    }
    try {
      holder.leave(beats);
    } catch (InterruptedException impatient) {
      sessions.abandon();
      Thread.currentThread().interrupt();
    } catch (RuntimeException defect) {
      // The edge of the process: what it stands on is closed all the same.
      log.atError().addKeyValue("worker", id).setCause(defect).log("worker did not end well");
    }
    closeAll();
    log.atInfo().addKeyValue("worker", id).log("worker ended");
  }

  private void closeAll() {
    if (reports != null) {
      reports.interrupt();
    }
    dialer.close();
    vertx.close();
    onClosed.run();
    metrics.close();
  }
}

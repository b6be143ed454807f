package dev.heliograph.fleet;

import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.FileKeyWrapper;
import dev.heliograph.authstate.KeyWrapper;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.journal.DynamoDbSessionStorage;
import dev.heliograph.journal.Journal;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Messages;
import dev.heliograph.session.Epochs;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.QueueMailbox;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionSettings;
import dev.heliograph.table.Queues;
import dev.heliograph.whatsapp.auth.ClientPayloads;
import dev.heliograph.whatsapp.socket.Keepalive;
import dev.heliograph.whatsapp.socket.WhatsAppDialer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The worker process: holds shards, and a session for each number on them. Wires everything that it
 * is made of.
 */
public final class Worker implements AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(1500);
  private static final Duration JOURNAL_ATTEMPT_TIMEOUT = Duration.ofMillis(500);

  /** A long poll of 20 s, and its answer. */
  private static final Duration LONG_POLL_TIMEOUT = Duration.ofSeconds(30);

  private static final int MOST_CALLS_AT_ONCE = 256;

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final IdGenerator ids = IdGenerator.random();

  private final WorkerSettings settings;
  private final String id;
  private final DynamoDbClient dynamoDb;
  private final DynamoDbClient journalDb;
  private final SqsClient sqs;
  private final KeyWrapper keys;
  private final Vertx vertx;
  private final WhatsAppDialer dialer;
  private final Instances instances;
  private final Fleet fleet;
  private final ShardHolder holder;
  private final Sessions sessions;
  private final Thread beats;

  /**
   * Starts a worker.
   *
   * @param onDeath called when other workers have declared this one dead: the process must end
   * @throws IOException if the key file cannot be read or made
   */
  public static Worker start(WorkerSettings settings, Runnable onDeath) throws IOException {
    Worker worker = new Worker(settings, onDeath);
    worker.beats.start();
    log.atInfo().addKeyValue("worker", worker.id).log("worker started");
    return worker;
  }

  private Worker(WorkerSettings settings, Runnable onDeath) throws IOException {
    this.settings = settings;
    this.id = ids.ulid();
    this.dynamoDb = dynamoDb(settings, ATTEMPT_TIMEOUT, CALL_TIMEOUT, 3);
    // A put that was not answered is repeated by who knows what its silence means.
    this.journalDb = dynamoDb(settings, JOURNAL_ATTEMPT_TIMEOUT, JOURNAL_ATTEMPT_TIMEOUT, 1);
    this.sqs = sqs(settings);
    this.keys = FileKeyWrapper.open(settings.keyFile(), random);
    this.vertx = Vertx.vertx();
    this.dialer =
        new WhatsAppDialer(
            vertx,
            settings.whatsappUrl(),
            settings.noiseRootKey(),
            Keepalive.DEFAULT,
            clock,
            random);
    this.instances = new Instances(dynamoDb, settings.prefix(), clock);
    this.fleet = new Fleet(dynamoDb, settings.prefix());
    Messages messages = new Messages(dynamoDb, settings.prefix(), clock);
    this.sessions = new Sessions(this::run, QueueMailbox::new, Queues.SHARDS);
    ShardKeeper keeper = new ShardKeeper(instances, messages, fleet, sessions, clock);
    Leases leases =
        new Leases(fleet, id, Queues.SHARDS, settings.leases(), clock, System::nanoTime, random);
    this.holder =
        new ShardHolder(
            leases,
            sessions,
            keeper,
            shard -> new Bell(shard, sqs, settings.prefix(), keeper),
            settings.tick(),
            fleet,
            id,
            onDeath);
    this.beats = Thread.ofPlatform().name("beats").daemon(true).unstarted(holder);
  }

  private static DynamoDbClient dynamoDb(
      WorkerSettings settings, Duration attempt, Duration call, int attempts) {
    return settings
        .aws()
        .dynamoDb(DynamoDbClient.builder())
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(MOST_CALLS_AT_ONCE))
        .overrideConfiguration(
            override ->
                override
                    .apiCallAttemptTimeout(attempt)
                    .apiCallTimeout(call)
                    .retryStrategy(retries -> retries.maxAttempts(attempts)))
        .build();
  }

  private static SqsClient sqs(WorkerSettings settings) {
    return settings
        .aws()
        .sqs(SqsClient.builder())
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .maxConnections(MOST_CALLS_AT_ONCE)
                .socketTimeout(LONG_POLL_TIMEOUT))
        .overrideConfiguration(
            override ->
                override.apiCallAttemptTimeout(LONG_POLL_TIMEOUT).apiCallTimeout(LONG_POLL_TIMEOUT))
        .build();
  }

  private SessionRunner.After run(InstanceId instance, int shard, Mailbox mailbox)
      throws InterruptedException {
    Optional<Instance> row = instances.load(instance);
    if (row.isEmpty()) {
      return SessionRunner.After.REST;
    }
    SessionClock sessionClock = new SystemClock(clock);
    SessionStorage storage =
        new DynamoDbSessionStorage(
            instance,
            new Journal(journalDb, settings.prefix()),
            new AuthState(dynamoDb, settings.prefix()),
            instances,
            new Messages(dynamoDb, settings.prefix(), clock),
            clock);
    SessionLog sessionLog =
        new SessionLog(
            instance, row.get().customer(), storage, keys, random, ids, sessionClock, random);
    Session session =
        new Session(
            row.get(),
            sessionSettings(),
            storage,
            sessionLog,
            mailbox,
            dialer,
            new HeldEpoch(shard),
            sessionClock,
            ids,
            random);
    return switch (session.run()) {
      case AT_REST, NOT_OURS -> SessionRunner.After.REST;
      case LOST -> SessionRunner.After.REOPEN;
    };
  }

  private SessionSettings sessionSettings() {
    return new SessionSettings(
        id,
        settings.generation(),
        new ClientPayloads(settings.clientVersion(), settings.deviceName()),
        settings.grace(),
        settings.leases().lease(),
        settings.resendFor());
  }

  /** The epoch in which this worker holds a shard. */
  private final class HeldEpoch implements Epochs {
    private final int shard;

    HeldEpoch(int shard) {
      this.shard = shard;
    }

    @Override
    public long current() {
      return holder.epoch(shard);
    }

    @Override
    public Optional<Long> raiseAbove(long met) {
      ShardRow row = fleet.shard(shard);
      if (!row.owner().equals(Optional.of(id))) {
        return Optional.empty();
      }
      if (row.epoch() >= met) {
        return Optional.of(row.epoch());
      }
      Optional<Long> raised = fleet.raiseEpoch(shard, id, row.epoch(), met);
      raised.ifPresent(epoch -> holder.raised(shard, epoch));
      return raised;
    }
  }

  /** The id of this incarnation. */
  public String id() {
    return id;
  }

  /** Gives every shard up in good order, then ends. */
  @Override
  public void close() {
    try {
      beats.interrupt();
      beats.join();
      holder.releaseAll();
    } catch (InterruptedException impatient) {
      sessions.abandon();
      Thread.currentThread().interrupt();
    }
    dialer.close();
    vertx.close();
    sqs.close();
    journalDb.close();
    dynamoDb.close();
    log.atInfo().addKeyValue("worker", id).log("worker ended");
  }
}

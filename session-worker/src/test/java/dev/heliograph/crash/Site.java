package dev.heliograph.crash;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.FileKeyWrapper;
import dev.heliograph.authstate.KeyWrapper;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.fleet.SystemClock;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.journal.CallLimit;
import dev.heliograph.journal.DynamoDbSessionStorage;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Journal;
import dev.heliograph.journal.LogListener;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.json.Json;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.Messages;
import dev.heliograph.message.WhatsAppId;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.session.Epochs;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.Mistakes;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionListener;
import dev.heliograph.session.SessionSettings;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.whatsapp.auth.ClientPayloads;
import dev.heliograph.whatsapp.auth.ClientVersion;
import dev.heliograph.whatsapp.sandbox.ControlApi;
import dev.heliograph.whatsapp.socket.Keepalive;
import dev.heliograph.whatsapp.socket.WhatsAppDialer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The real tables, the sandbox for WhatsApp, and whatever a session needs to run on them. */
final class Site implements AutoCloseable {
  private static final CustomerId CUSTOMER = CustomerId.draw(IdGenerator.random());

  private final LocalDynamoDb dynamoDb;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final IdGenerator ids = IdGenerator.random();
  private final Vertx vertx = Vertx.vertx();
  private final Sandbox sandbox;
  private final ControlApi phones;
  private final WhatsAppDialer dialer;
  private final KeyWrapper keys;
  private final Instances instances;
  private final Messages messages;
  private long epoch;

  Site(LocalDynamoDb dynamoDb, Path folder) throws IOException {
    this.dynamoDb = dynamoDb;
    this.sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    this.phones = new ControlApi(sandbox.controlUri());
    this.keys = FileKeyWrapper.open(folder.resolve("key"), random);
    this.instances = new Instances(dynamoDb.client(), dynamoDb.prefix(), clock);
    this.messages = new Messages(dynamoDb.client(), dynamoDb.prefix(), clock);
    this.dialer =
        new WhatsAppDialer(
            vertx,
            URI.create(sandbox.webSocketUri().toString()),
            ByteString.copyFrom(HexFormat.of().parseHex(sandbox.rootKey())),
            Keepalive.DEFAULT,
            clock,
            random);
  }

  ControlApi phones() {
    return phones;
  }

  /** An instance that nobody has started. */
  InstanceId create() {
    InstanceId id = InstanceId.draw(ids);
    instances.create(Instance.created(id, CUSTOMER, "crash", Metadata.EMPTY, 0, clock.instant()));
    return id;
  }

  Instance row(InstanceId id) {
    return instances.load(id).orElseThrow();
  }

  void wish(InstanceId id, Desired desired) {
    instances.wish(CUSTOMER, id, desired);
  }

  /** A row that waits to be sent; nobody has rung yet. */
  Message accept(InstanceId id, String to, String text) {
    Instant now = clock.instant();
    Message message =
        Message.queued(
            id,
            CUSTOMER,
            0,
            requireNonNull(row(id).pairing()),
            WhatsAppId.random(),
            new PhoneNumber(to),
            new MessageBody.Text(text),
            null,
            now,
            now.plus(Duration.ofMinutes(10)));
    messages.accept(message);
    return message;
  }

  Message message(Message accepted) {
    return messages.find(accepted.instance(), accepted.id()).orElseThrow();
  }

  /** The types of the events of an instance, or the texts of those that have one. */
  List<String> texts(InstanceId id) {
    return journal(dynamoDb.client()).readAfter(id, 0).stream()
        .map(Entry::events)
        .flatMap(List::stream)
        .map(Json::read)
        .filter(event -> event.path("type").asText().equals("message.received"))
        .map(event -> event.path("data").path("body").path("text").asText())
        .toList();
  }

  /** The data key of a pairing, if there is one still. */
  Optional<byte[]> key(InstanceId id, PairingId pairing) {
    return new AuthState(dynamoDb.client(), dynamoDb.prefix())
        .key(AuthState.partition(id, pairing));
  }

  private Journal journal(DynamoDbClient client) {
    return new Journal(client, dynamoDb.prefix());
  }

  /** The next owner of an instance: it dies after so many steps, or lives with 0. */
  Owner own(InstanceId id, int steps) {
    long mine = ++epoch;
    return Owner.start((mailbox, life) -> session(id, mine, mailbox, life), steps);
  }

  private Session session(InstanceId id, long mine, Mailbox mailbox, Life life) {
    DynamoDbClient tables = new MortalDynamoDb(dynamoDb.client(), life);
    DynamoDbSessionStorage storage =
        new DynamoDbSessionStorage(
            id,
            journal(tables),
            new AuthState(tables, dynamoDb.prefix()),
            new Instances(tables, dynamoDb.prefix(), clock),
            new Messages(tables, dynamoDb.prefix(), clock),
            clock,
            new CallLimit(16, System::nanoTime));
    SessionClock time = new SystemClock(InstantSource.system());
    return new Session(
        row(id),
        new SessionSettings(
            "owner-" + mine,
            0,
            new ClientPayloads(ClientVersion.KNOWN, "Heliograph"),
            Duration.ofSeconds(20),
            Duration.ofSeconds(4),
            Duration.ofDays(7)),
        storage,
        new SessionLog(id, CUSTOMER, storage, keys, random, ids, time, random, LogListener.NONE),
        mailbox,
        new MortalDialer(dialer, life),
        new Held(mine),
        time,
        ids,
        random,
        SessionListener.NONE,
        new Mistakes());
  }

  private record Held(long current) implements Epochs {
    @Override
    public Optional<Long> raiseAbove(long met) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    dialer.close();
    vertx.close();
    phones.close();
    sandbox.close();
  }
}

package dev.heliograph.simulation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.ulid.Ulid;
import com.google.protobuf.ByteString;
import dev.heliograph.account.CustomerId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrCode;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.LogListener;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.json.Json;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.session.Epochs;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Mistakes;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionListener;
import dev.heliograph.session.SessionSettings;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.auth.ClientPayloads;
import dev.heliograph.whatsapp.auth.ClientVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The real session in virtual time, with one owner and with nothing going wrong but what a test has
 * go wrong: what WhatsApp says can be changed on its way.
 */
final class CalmSession implements Epochs, AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(30);
  private static final InstanceId INSTANCE = new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZZ");
  private static final CustomerId CUSTOMER = new CustomerId("cust_01JZZZZZZZZZZZZZZZZZZZZZZZ");

  private final Chance chance = new Chance(1);
  private final Scheduler scheduler = new Scheduler();
  private final SimClock clock = new SimClock(scheduler);
  private final PlainKeys keys = new PlainKeys();
  private final SeededSecureRandom random = new SeededSecureRandom(chance.random());
  private final InMemoryStorage tables = new InMemoryStorage();
  private final Witness witness = new Witness(INSTANCE, tables, keys, random, clock);
  private final SimMailbox mailbox = new SimMailbox(scheduler, clock, chance);
  private final SimWhatsApp whatsApp;
  private final SessionStorage storage;
  private WireWeather weather = WireWeather.FAIR;
  private final Mistakes mistakes = new Mistakes();
  private int failures;
  private long drawn;
  private int accepted;
  private long epoch = 1;

  CalmSession() {
    this(UnaryOperator.identity());
  }

  /**
   * One that is not there yet: {@link #connect} comes first.
   *
   * @param watching stands between it and its tables
   */
  CalmSession(UnaryOperator<SessionStorage> watching) {
    this.whatsApp =
        new SimWhatsApp(
            scheduler, clock, chance, () -> weather, new WireWitness(INSTANCE, witness));
    this.storage = watching.apply(witness.watching("owner", tables));
    tables.create(
        Instance.created(INSTANCE, CUSTOMER, "name", Metadata.EMPTY, 0, SimClock.BEGINNING));
  }

  /** What a test has a session fail on: another one follows it at once. */
  static final class Unforeseen extends IllegalStateException {
    private static final long serialVersionUID = 1L;
  }

  /** Starts it and has it paired and connected. */
  void connect() {
    scheduler.start("owner", this::live);
    wish(Desired.RUNNING);
    ticks();
    run(Duration.ofSeconds(10));
    QrCode qr = requireNonNull(row().qr());
    whatsApp.scan(qr.raw());
    run(Duration.ofSeconds(30));
    assertThat(row().status()).isEqualTo(InstanceStatus.CONNECTED);
  }

  private void live() throws InterruptedException {
    while (true) {
      Optional<Mail> look = mailbox.poll(Duration.ofHours(1));
      if (look.isPresent() && look.get() instanceof Mail.Look) {
        mailbox.put(look.get());
        end();
      }
    }
  }

  private void end() throws InterruptedException {
    try {
      Session.End end = session().run();
      scheduler.trace("has ended: " + end);
    } catch (Unforeseen mistake) {
      failures++;
    }
  }

  private Session session() {
    IdGenerator ids = () -> new Ulid(clock.now().toEpochMilli() << 16, ++drawn).toString();
    SessionLog log =
        new SessionLog(
            INSTANCE,
            CUSTOMER,
            storage,
            keys,
            random,
            ids,
            clock,
            chance.random(),
            LogListener.NONE);
    return new Session(
        row(),
        new SessionSettings(
            "owner",
            0,
            new ClientPayloads(ClientVersion.KNOWN, "Heliograph"),
            Duration.ofSeconds(20),
            Duration.ofSeconds(4),
            Duration.ofDays(7)),
        storage,
        log,
        mailbox,
        whatsApp.dialer("owner"),
        this,
        clock,
        ids,
        chance.random(),
        SessionListener.NONE,
        mistakes);
  }

  /** How often it has failed of what a test has fail. */
  int failures() {
    return failures;
  }

  private void ticks() {
    ring(waiting());
    scheduler.after(TICK, this::ticks);
  }

  private List<MessageId> waiting() {
    return tables.messages().stream()
        .filter(row -> row.status() == MessageStatus.QUEUED)
        .map(Message::id)
        .toList();
  }

  /** Lets time pass, and everything happen that happens in it. */
  void run(Duration time) {
    assertThat(scheduler.run(time)).as("what has failed").isNull();
  }

  /** Has a call that the session makes take its time. */
  void spend(Duration time) {
    scheduler.waitFor(time);
  }

  void wish(Desired desired) {
    wish(desired, Duration.ZERO);
  }

  /** A wish that nobody has looked at for so long. */
  void wish(Desired desired, Duration ago) {
    tables.wish(desired, clock.now().minus(ago));
    ring(List.of());
  }

  void ring(List<MessageId> messages) {
    mailbox.put(new Mail.Look(messages.stream().map(this::message).map(Message::place).toList()));
  }

  /** A row that waits to be sent; nobody has rung yet. */
  MessageId accept() {
    Instant now = clock.now();
    String whatsappId = outboundId(++accepted);
    Message row =
        Message.queued(
            INSTANCE,
            CUSTOMER,
            0,
            requireNonNull(row().pairing()),
            whatsappId,
            new PhoneNumber(SimPeer.PN.user()),
            new MessageBody.Text("from me " + whatsappId),
            null,
            now.plusMillis(accepted),
            now.plus(Duration.ofMinutes(10)));
    tables.accept(row);
    return row.id();
  }

  /** So many of them, in their order. */
  List<MessageId> accept(int messages) {
    return Stream.generate(this::accept).limit(messages).toList();
  }

  /** The id of the {@code number}th message that was accepted, in the form of our own. */
  static String outboundId(int number) {
    return "3EB0%018X".formatted(number);
  }

  Instance row() {
    return tables.instance().orElseThrow();
  }

  Message message(MessageId id) {
    return tables.message(id).orElseThrow();
  }

  /** Whether there is a row of a message of the peer's. */
  boolean hasReceived(String whatsappId) {
    return tables
        .received(MessageId.inbound(INSTANCE, SimPeer.LID.text(), SimPeer.LID.text(), whatsappId))
        .isPresent();
  }

  /** A record of the pairing, as the journal and the tables have it. */
  Optional<String> record(String name) {
    return Optional.ofNullable(witness.reading().records().get(name)).map(ByteString::toStringUtf8);
  }

  /** What the biggest entry so far weighs in DynamoDB, about: texts and what is sealed. */
  int longestEntry() {
    return witness.journal().stream().mapToInt(CalmSession::weight).max().orElse(0);
  }

  private static int weight(Entry entry) {
    SdkBytes sealed = entry.sealed();
    return entry.facts().length()
        + entry.events().stream().mapToInt(String::length).sum()
        + (sealed == null ? 0 : sealed.asByteArrayUnsafe().length);
  }

  /** How often the session has asked what to do next. */
  int turns() {
    return mailbox.polls();
  }

  SimWhatsApp whatsApp() {
    return whatsApp;
  }

  void setWeather(WireWeather now) {
    weather = now;
  }

  /** Has WhatsApp say something else than it does. */
  void meddle(UnaryOperator<Node> change) {
    whatsApp.meddle(change);
  }

  /** The events of a type so far, as JSON. */
  List<String> events(String type) {
    List<String> events = new ArrayList<>();
    for (Entry entry : witness.journal()) {
      for (String event : entry.events()) {
        if (Json.read(event).get("type").asText().equals(type)) {
          events.add(event);
        }
      }
    }
    return events;
  }

  /** How much waits to be read by the session, in stanzas and rings. */
  int mailboxSize() {
    return mailbox.size();
  }

  /** The same in bytes. */
  long mailboxWeight() {
    return mailbox.weight();
  }

  /** Whether the session reads nothing from its socket at the moment. */
  boolean isPaused() {
    return whatsApp.isPaused();
  }

  /** How long this has gone on. */
  Duration elapsed() {
    return Duration.ofNanos(scheduler.nanos());
  }

  /** How the last message to the peer was encrypted. */
  String lastEncType() {
    return whatsApp.lastEncType();
  }

  /** How many entries name a fact of this kind. */
  long entriesWith(String fact) {
    return witness.journal().stream().filter(entry -> entry.facts().contains(fact)).count();
  }

  /** Our own phone says something, as one device of an account to another one. */
  void phoneWrites(ByteString content) {
    whatsApp.write(
        new SimPeer(chance.random()),
        content,
        (device, enc) ->
            Node.of("message")
                .with("from", SimWhatsApp.OWN_LID)
                .with("id", "PHONE" + ++accepted)
                .with("type", "text")
                .with("category", "peer")
                .with("t", clock.now().getEpochSecond())
                .with(enc));
  }

  /** The peer says something that is not a text. */
  void peerWrites(String id, ByteString content) {
    whatsApp.write(whatsApp.peer(), content, (device, enc) -> stanzaOf(id, SimPeer.LID).with(enc));
  }

  /** A message of somebody's, without anything in it. */
  Node stanzaOf(String id, Jid from) {
    return Node.of("message")
        .with("from", from)
        .with("id", id)
        .with("type", "text")
        .with("t", clock.now().getEpochSecond())
        .with("notify", "Peer");
  }

  @Override
  public long current() {
    return epoch;
  }

  @Override
  public Optional<Long> raiseAbove(long met) {
    epoch = met + 1;
    return Optional.of(epoch);
  }

  @Override
  public void close() {
    scheduler.close();
  }
}

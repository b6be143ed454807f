package dev.heliograph.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.message.RetryRequest;
import dev.heliograph.whatsapp.proto.ClientPayload;
import dev.heliograph.whatsapp.proto.DevicePairingRegistrationData;
import dev.heliograph.whatsapp.proto.Message;
import dev.heliograph.whatsapp.signal.PreKey;
import dev.heliograph.whatsapp.signal.PreKeyBundle;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.socket.Dialer;
import dev.heliograph.whatsapp.stream.Iqs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * WhatsApp's server for one account and one correspondent of it: links devices, keeps what a device
 * has not acknowledged and delivers it again at the next login, relays messages and receipts.
 */
final class SimWhatsApp {
  static final Jid OWN_PN = Jid.pn("4915100000000");
  static final Jid OWN_LID = Jid.lid("1000");

  private static final int REFS = 6;

  private final Scheduler scheduler;
  private final SimClock clock;
  private final Chance chance;
  private final Supplier<WireWeather> weather;
  private final WireWitness witness;
  private final SimPhone phone;
  private final SimPeer peer;

  private final Map<Integer, Device> devices = new HashMap<>();
  private final Map<String, Registration> codes = new HashMap<>();
  private final Map<String, Device> pairing = new HashMap<>();
  private final Set<SimConnection> connections = new LinkedHashSet<>();
  private final Map<String, Integer> refusals = new HashMap<>();
  private UnaryOperator<Node> meddler = UnaryOperator.identity();
  private String lastEncType = "";
  private int deviceNumbers;
  private int serverIds;

  /** A linked device: what the server knows of it, and what it has for it. */
  private static final class Device {
    private final Jid lid;
    private final ByteString noiseKey;
    private final PreKeyBundle keys;
    private final Deque<PreKey> pool = new ArrayDeque<>();
    private final Map<Long, Queued> queue = new LinkedHashMap<>();
    private final Map<String, Taken> taken = new HashMap<>();
    private int unknownKeys;
    private long queued;
    private @Nullable SimConnection connection;
    private boolean delivering;
    private boolean linked = true;

    Device(Jid lid, ByteString noiseKey, PreKeyBundle keys) {
      this.lid = lid;
      this.noiseKey = noiseKey;
      this.keys = keys;
    }
  }

  private record Registration(
      SimConnection connection, DevicePairingRegistrationData data, ByteString noiseKey) {}

  private static final class Queued {
    private final Node node;
    private @Nullable SimConnection sentOn;

    Queued(Node node) {
      this.node = node;
    }
  }

  private record Taken(Node node, long time) {}

  SimWhatsApp(
      Scheduler scheduler,
      SimClock clock,
      Chance chance,
      Supplier<WireWeather> weather,
      WireWitness witness) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.chance = chance;
    this.weather = weather;
    this.witness = witness;
    this.phone = new SimPhone(chance.random());
    this.peer = new SimPeer(chance.random());
  }

  WireWeather weather() {
    return weather.get();
  }

  /** Changes what the server says, on its way. */
  void meddle(UnaryOperator<Node> change) {
    meddler = change;
  }

  /** What arrives of a node. */
  Node meddled(Node node) {
    return meddler.apply(node);
  }

  /** Has something wait for the linked device until it is acknowledged. */
  void enqueue(Node node) {
    linked().ifPresent(device -> enqueue(device, node));
  }

  /** Somebody says something to the linked device. */
  void write(SimPeer author, ByteString content, BiFunction<Jid, Node, Node> stanza) {
    linked()
        .ifPresent(
            device -> {
              begin(author, device);
              enqueue(device, stanza.apply(device.lid, author.encrypt(content, device.lid)));
            });
  }

  /** How the last message to the peer was encrypted. */
  String lastEncType() {
    return lastEncType;
  }

  /** Whether the linked device reads nothing. */
  boolean isPaused() {
    return linked().map(device -> device.connection).filter(SimConnection::isPaused).isPresent();
  }

  SimPeer peer() {
    return peer;
  }

  /** Called as an owner hands a node to its socket. */
  void sees(String who, Node node, byte @Nullable [] encoded) {
    witness.sees(who, node, encoded);
  }

  static String describe(Node node) {
    StringBuilder text = new StringBuilder(node.tag());
    node.attr("class").ifPresent(value -> text.append(' ').append(value));
    node.attr("type").ifPresent(value -> text.append(' ').append(value));
    node.attr("id").ifPresent(value -> text.append(' ').append(value));
    node.attr("error").ifPresent(value -> text.append(" error ").append(value));
    node.children().forEach(child -> text.append(" <").append(child.tag()).append('>'));
    return text.toString();
  }

  /** The text of a message. */
  static String textOf(ByteString content) {
    try {
      return Message.parseFrom(content).getConversation();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a message that is none", e);
    }
  }

  // Connections

  /** How an owner gets at WhatsApp. */
  Dialer dialer(String who) {
    return (noiseKey, payload, listener) -> dial(who, noiseKey, payload, listener);
  }

  private Connection dial(
      String who, KeyPair noiseKey, Dialer.Payload payload, Connection.Listener listener)
      throws InterruptedException {
    clock.pause(chance.millis(50, 800));
    if (chance.in1000(weather().unreachable())) {
      scheduler.trace("reaches nobody");
      boolean isWithoutNetwork = weather().equals(WireWeather.UNREACHABLE);
      throw new DialException(
          isWithoutNetwork || chance.evens()
              ? DialException.Reason.UNREACHABLE
              : DialException.Reason.NO_HANDSHAKE);
    }
    ClientPayload client = parse(payload.bytes());
    SimConnection connection = new SimConnection(who, this, listener, scheduler, clock, chance);
    connections.add(connection);
    if (client.hasDevicePairingData()) {
      scheduler.trace("connects to be paired");
      register(connection, client.getDevicePairingData(), noiseKey.publicKey());
    } else {
      scheduler.trace("logs in");
      logIn(connection, devices.get(client.getDevice()), noiseKey.publicKey());
    }
    return connection;
  }

  private static ClientPayload parse(byte[] payload) {
    try {
      return ClientPayload.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a payload that is none", e);
    }
  }

  private void logIn(SimConnection connection, @Nullable Device device, ByteString noiseKey) {
    if (device == null || !device.linked || !device.noiseKey.equals(noiseKey)) {
      connection.push(Node.of("failure").with("reason", 401));
      connection.end();
      return;
    }
    if (chance.in1000(weather().trouble())) {
      connection.push(
          chance.evens()
              ? Node.of("failure").with("reason", 503)
              : Node.of("failure").with("reason", 402).with("code", 101).with("expire", 20));
      connection.end();
      return;
    }
    SimConnection before = device.connection;
    if (before != null && before.isOpenAtServer()) {
      before.push(Node.of("stream:error").with(Node.of("conflict").with("type", "replaced")));
      before.end();
    }
    device.connection = connection;
    device.delivering = false;
    connection.push(Node.of("success").with("t", seconds()).with("lid", device.lid));
  }

  /** The connection is gone, as far as the server sees. */
  void closed(SimConnection connection) {
    connections.remove(connection);
    codes.values().removeIf(registration -> registration.connection().equals(connection));
  }

  /** The process at the other end of these connections is no more. */
  void crashed(String who) {
    connections.stream()
        .filter(connection -> connection.who().equals(who))
        .toList()
        .forEach(SimConnection::crash);
  }

  private long seconds() {
    return clock.now().getEpochSecond();
  }

  // Pairing

  private void register(
      SimConnection connection, DevicePairingRegistrationData data, ByteString noiseKey) {
    List<Node> refs = new ArrayList<>();
    for (int i = 0; i < REFS; i++) {
      String ref = "2@ref" + ++serverIds;
      codes.put(ref, new Registration(connection, data, noiseKey));
      refs.add(Node.of("ref").withText(ref));
    }
    connection.push(serverIq().with(Node.of("pair-device").with(refs)));
  }

  private Node serverIq() {
    return Node.of("iq")
        .with("from", Jid.WHATSAPP)
        .with("type", "set")
        .with("id", "server-" + ++serverIds)
        .with("xmlns", "md");
  }

  /** The phone scans what is shown. */
  void scan(String text) {
    SimPhone.Code code = SimPhone.Code.read(text);
    Registration registration = codes.remove(code.ref());
    if (registration == null || !registration.connection().isOpenAtServer()) {
      return;
    }
    int number = ++deviceNumbers;
    Device device =
        new Device(OWN_LID.withDevice(number), registration.noiseKey(), keys(registration.data()));
    device.unknownKeys = chance.evens() ? 30 : chance.below(30);
    Node iq = serverIq();
    pairing.put(iq.requireAttr("id"), device);
    scheduler.trace("phone", "scans, device " + number);
    registration
        .connection()
        .push(
            iq.with(
                Node.of("pair-success")
                    .with(
                        Node.of("device-identity").with(phone.sign(code)),
                        Node.of("device")
                            .with("jid", OWN_PN.withDevice(number))
                            .with("lid", OWN_LID.withDevice(number)),
                        Node.of("platform").with("name", "android"))));
  }

  private static PreKeyBundle keys(DevicePairingRegistrationData data) {
    return new PreKeyBundle(
        data.getERegid().asReadOnlyByteBuffer().getInt(),
        data.getEIdent(),
        new PreKey(data.getESkeyId().byteAt(2) & 0xFF, data.getESkeyVal()),
        data.getESkeySig(),
        null);
  }

  private void paired(SimConnection connection, Node answer) {
    Device device = pairing.remove(answer.requireAttr("id"));
    if (device == null || !answer.hasChild("pair-device-sign")) {
      return;
    }
    devices.values().stream().filter(other -> other.linked).forEach(this::unlink);
    devices.put(device.lid.device(), device);
    scheduler.trace("server", "has linked device " + device.lid.device());
    connection.push(Node.of("stream:error").with("code", 515));
    connection.end();
  }

  /** The device that is linked now; empty if there is none. */
  Optional<Integer> linkedDevice() {
    return linked().map(device -> device.lid.device());
  }

  private Optional<Device> linked() {
    return devices.values().stream().filter(device -> device.linked).findFirst();
  }

  /** Unlinks the device on the phone. */
  void unlink() {
    linked()
        .ifPresent(
            device -> {
              scheduler.trace("phone", "unlinks device " + device.lid.device());
              unlink(device);
            });
  }

  private void unlink(Device device) {
    device.linked = false;
    SimConnection connection = device.connection;
    if (connection != null && connection.isOpenAtServer()) {
      connection.push(
          Node.of("stream:error")
              .with("code", 401)
              .with(Node.of("conflict").with("type", "device_removed")));
      connection.end();
    }
  }

  // What a device sends

  /** A node has arrived. */
  void received(SimConnection connection, Node node) {
    if (node.is("iq") && (node.is("type", "result") || node.is("type", "error"))) {
      paired(connection, node);
      return;
    }
    Device device = deviceOn(connection);
    if (device == null) {
      return;
    }
    switch (node.tag()) {
      case "iq" -> asked(device, connection, node);
      case "message" -> message(device, connection, node);
      case "receipt" -> receipt(device, connection, node);
      case "ack" -> taken(device, node.requireAttr("class"), node.requireAttr("id"), node);
      default -> {}
    }
  }

  private @Nullable Device deviceOn(SimConnection connection) {
    return devices.values().stream()
        .filter(device -> connection.equals(device.connection) && device.linked)
        .findFirst()
        .orElse(null);
  }

  private void asked(Device device, SimConnection connection, Node iq) {
    if (chance.in1000(weather().unanswered())) {
      if (chance.evens()) {
        connection.push(
            result(iq)
                .with("type", "error")
                .with(Node.of("error").with("code", 503).with("text", "service-unavailable")));
      }
      return;
    }
    Node answer = result(iq);
    switch (iq.attr("xmlns").orElse("")) {
      case "encrypt" -> connection.push(encrypt(device, iq, answer));
      case "usync" -> connection.push(answer.with(usync(device, iq)));
      case "passive" -> {
        connection.push(answer);
        deliverWaiting(device, connection);
      }
      case "md" -> {
        connection.push(answer);
        scheduler.trace("server", "unlinks device " + device.lid.device());
        unlink(device);
      }
      default -> throw new AssertionError("nobody asks that: " + describe(iq));
    }
  }

  private static Node result(Node iq) {
    return Node.of("iq")
        .with("from", Jid.WHATSAPP)
        .with("type", "result")
        .with("id", iq.requireAttr("id"));
  }

  private Node encrypt(Device device, Node iq, Node answer) {
    if (iq.hasChild("count")) {
      int count = device.unknownKeys + device.pool.size();
      return answer.with(Node.of("count").with("value", count));
    }
    if (iq.hasChild("key")) {
      List<Node> users =
          iq.requireChild("key").children("user").stream()
              .map(user -> bundle(user.requireJid("jid")))
              .toList();
      return answer.with(Node.of("list").with(users));
    }
    for (Node key : iq.requireChild("list").children("key")) {
      PreKey preKey =
          new PreKey(key.requireChild("id").requireId(3), key.requireChild("value").requireBytes());
      if (!device.pool.contains(preKey)) {
        device.pool.add(preKey);
      }
    }
    return answer;
  }

  private Node bundle(Jid jid) {
    Credentials keys = peer.credentials();
    return jid.isSameUser(SimPeer.LID)
        ? Node.of("user")
            .with("jid", jid)
            .with(
                Iqs.registration(keys),
                Iqs.type(),
                Iqs.identity(keys),
                Iqs.signedPreKey(keys.signedPreKey()))
        : Node.of("user").with("jid", jid).with(Node.of("error").with("code", 404));
  }

  private Node usync(Device device, Node iq) {
    List<Node> users =
        iq.requireChild("usync").requireChild("list").children("user").stream()
            .map(user -> user(user.requireJid("jid"), device))
            .toList();
    return Node.of("usync").with(Node.of("list").with(users));
  }

  private static Node user(Jid asked, Device device) {
    boolean own = asked.isSameUser(OWN_PN) || asked.isSameUser(OWN_LID);
    Jid pn = own ? OWN_PN : SimPeer.PN;
    Jid lid = own ? OWN_LID : SimPeer.LID;
    // The account's phone is left out: what it would get are copies that nobody reads.
    Node listed =
        own
            ? Node.of("device").with("id", device.lid.device()).with("key-index", 1)
            : Node.of("device").with("id", 0);
    Node user = Node.of("user").with("jid", asked);
    if (asked.isLid()) {
      user = user.with("pn_jid", pn);
    } else {
      user = user.with(Node.of("contact").with("type", "in"), Node.of("lid").with("val", lid));
    }
    return user.with(Node.of("devices").with(Node.of("device-list").with(listed)));
  }

  /** Ends the stream of the linked device, for no reason or for one of the server's own. */
  void endStream() {
    linked()
        .map(device -> device.connection)
        .filter(SimConnection::isOpenAtServer)
        .ifPresent(
            connection -> {
              connection.push(
                  chance.evens()
                      ? Node.of("stream:error").with("code", chance.evens() ? 515 : 503)
                      : Node.of("xmlstreamend"));
              connection.end();
            });
  }

  private void message(Device device, SimConnection connection, Node message) {
    if (chance.in1000(weather().dropped())) {
      scheduler.trace("server", "loses " + describe(message));
      return;
    }
    String id = message.requireAttr("id");
    boolean isAnswer = !message.hasChild("participants");
    Node enc = isAnswer ? message.requireChild("enc") : encOfPeer(message);
    lastEncType = enc.requireAttr("type");
    Taken before = isAnswer ? null : device.taken.get(id);
    if (before != null) {
      Witness.check(before.node().equals(message), "a message came again with other bytes: " + id);
      ack(connection, message, before.time(), 0);
      return;
    }
    if (!isAnswer && chance.in1000(weather().stale())) {
      refusals.merge(id, 1, Integer::sum);
      ack(connection, message, seconds(), chance.evens() ? 479 : 421);
      return;
    }
    if (chance.in1000(weather().refused())) {
      ack(connection, message, seconds(), chance.evens() ? 503 : 463);
      return;
    }
    if (!isAnswer) {
      device.taken.put(id, new Taken(message, seconds()));
    }
    acknowledge(connection, message);
    scheduler.after(chance.millis(20, 2_000), () -> relay(device, id, enc));
  }

  private static Node encOfPeer(Node message) {
    return message.requireChild("participants").children("to").stream()
        .filter(to -> to.requireJid("jid").isSameUser(SimPeer.LID))
        .map(to -> to.requireChild("enc"))
        .findFirst()
        .orElseThrow();
  }

  private void acknowledge(SimConnection connection, Node message) {
    long time = seconds();
    if (!chance.in1000(weather().noAck())) {
      boolean late = chance.in1000(weather().ackLate());
      scheduler.after(
          late ? chance.millis(1_000, 20_000) : chance.millis(1, 50),
          () -> ack(connection, message, time, 0));
    }
    if (chance.in1000(weather().ackTwice())) {
      scheduler.after(chance.millis(1, 5_000), () -> ack(connection, message, time, 0));
    }
  }

  private static void ack(SimConnection connection, Node message, long time, int error) {
    Node ack =
        Node.of("ack")
            .with("class", "message")
            .with("id", message.requireAttr("id"))
            .with("from", message.value("to"))
            .with("t", time);
    connection.push(error == 0 ? ack : ack.with("error", error));
  }

  private void relay(Device device, String id, Node enc) {
    if (chance.in1000(weather().amnesia())) {
      scheduler.trace("peer", "forgets its session");
      peer.forget(device.lid);
    }
    SimPeer.Read read = peer.read(id, device.lid, enc);
    scheduler.trace("peer", id + " " + read);
    if (read == SimPeer.Read.NOT) {
      peer.ask(id, device.lid).ifPresent(receipt -> enqueue(device, receipt));
    } else {
      notice(device, id, null);
      if (read == SimPeer.Read.SHOWN && chance.evens()) {
        scheduler.after(chance.millis(500, 20_000), () -> notice(device, id, "read"));
      }
    }
  }

  private void notice(Device device, String id, @Nullable String type) {
    Node receipt = Node.of("receipt").with("id", id).with("from", SimPeer.LID).with("t", seconds());
    Node typed = type == null ? receipt : receipt.with("type", type);
    enqueue(device, typed);
    if (chance.in1000(weather().twice())) {
      enqueue(device, typed);
    }
  }

  private void receipt(Device device, SimConnection connection, Node receipt) {
    String id = receipt.requireAttr("id");
    connection.push(Node.of("ack").with("class", "receipt").with("id", id).with("t", seconds()));
    taken(device, "message", id, receipt);
    if (receipt.is("type", "retry")) {
      Node asked = receipt.with("from", device.lid);
      peer.answer(RetryRequest.parse(asked))
          .ifPresent(
              enc ->
                  scheduler.after(
                      chance.millis(10, 2_000), () -> enqueue(device, messageOf(id, enc))));
    }
  }

  /** A device says that it has this: the first of that kind that it got. */
  private void taken(Device device, String tag, String id, Node by) {
    boolean byAck = by.is("ack");
    for (Map.Entry<Long, Queued> entry : device.queue.entrySet()) {
      Node node = entry.getValue().node;
      boolean sameType =
          !byAck || tag.equals("message") || by.attr("type").equals(node.attr("type"));
      if (node.is(tag)
          && node.is("id", id)
          && sameType
          && entry.getValue().sentOn != null
          && (byAck || !by.is("type", "retry"))) {
        device.queue.remove(entry.getKey());
        return;
      }
    }
  }

  // What a device gets

  /** The peer writes: something new, or once more what it has written. */
  void write() {
    linked()
        .ifPresent(
            device ->
                write(
                    device,
                    peer.writtenSoFar() > 0 && chance.in1000(120)
                        ? "PEER" + (1 + chance.below(peer.writtenSoFar()))
                        : peer.write()));
  }

  /** The peer writes what it has written, in a new ciphertext. */
  void write(String id) {
    linked().ifPresent(device -> write(device, id));
  }

  private void write(Device device, String id) {
    begin(peer, device);
    scheduler.trace("peer", "writes " + id);
    Node enc =
        chance.in1000(weather().stepTwice())
            ? peer.encryptAndForget(id, device.lid)
            : peer.encrypt(id, device.lid);
    enqueue(device, messageOf(id, enc));
  }

  private static void begin(SimPeer author, Device device) {
    if (!author.hasSession(device.lid)) {
      PreKeyBundle keys = device.keys;
      author.begin(
          device.lid,
          new PreKeyBundle(
              keys.registrationId(),
              keys.identityKey(),
              keys.signedPreKey(),
              keys.signature(),
              device.pool.poll()));
    }
  }

  private Node messageOf(String id, Node enc) {
    return Node.of("message")
        .with("from", SimPeer.LID)
        .with("id", id)
        .with("type", "text")
        .with("t", seconds())
        .with("notify", "Peer")
        .with("sender_pn", SimPeer.PN)
        .with(enc);
  }

  private void enqueue(Device device, Node node) {
    if (!device.linked) {
      return;
    }
    Queued queued = new Queued(node);
    device.queue.put(++device.queued, queued);
    SimConnection connection = device.connection;
    if (connection != null && device.delivering) {
      deliver(queued, connection);
      if (chance.in1000(weather().twice())) {
        deliver(queued, connection);
      }
    }
  }

  private void deliver(Queued queued, SimConnection connection) {
    queued.sentOn = connection;
    boolean isText = queued.node.is("message");
    connection.push(
        isText && chance.in1000(weather().corrupt()) ? corrupted(queued.node) : queued.node);
  }

  /** On its way something has happened to it; the next time it comes whole. */
  private static Node corrupted(Node message) {
    Node enc = message.requireChild("enc");
    byte[] bytes = enc.requireBytes().toByteArray();
    bytes[bytes.length - 1] ^= 1;
    return message.with(List.of(enc.with(bytes)));
  }

  private void deliverWaiting(Device device, SimConnection connection) {
    device.delivering = true;
    int count = device.queue.size();
    if (count > 0) {
      connection.push(Node.of("ib").with(Node.of("offline_preview").with("count", count)));
    }
    for (Queued queued : List.copyOf(device.queue.values())) {
      deliver(queued, connection);
    }
    connection.push(Node.of("ib").with(Node.of("offline").with("count", count)));
  }

  /** How often a message of ours was refused for stale devices. */
  int refusals(String id) {
    return refusals.getOrDefault(id, 0);
  }

  /** Whether the server has a message of ours. */
  boolean hasTaken(String id) {
    return devices.values().stream().anyMatch(device -> device.taken.containsKey(id));
  }

  /** What the linked device has not acknowledged. */
  List<String> waiting() {
    return linked()
        .map(device -> device.queue.values().stream().map(item -> describe(item.node)).toList())
        .orElse(List.of());
  }
}

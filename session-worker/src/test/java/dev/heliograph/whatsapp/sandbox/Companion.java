package dev.heliograph.whatsapp.sandbox;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.auth.ClientPayloads;
import dev.heliograph.whatsapp.auth.ClientVersion;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.Pairing;
import dev.heliograph.whatsapp.auth.QrCode;
import dev.heliograph.whatsapp.device.Devices;
import dev.heliograph.whatsapp.device.PreKeyBundles;
import dev.heliograph.whatsapp.device.UserDevices;
import dev.heliograph.whatsapp.message.Enc;
import dev.heliograph.whatsapp.message.EncodedMessage;
import dev.heliograph.whatsapp.message.InboundMessage;
import dev.heliograph.whatsapp.message.OutboundMessages;
import dev.heliograph.whatsapp.message.OutboundText;
import dev.heliograph.whatsapp.signal.Decryption;
import dev.heliograph.whatsapp.signal.MapRecords;
import dev.heliograph.whatsapp.signal.PreKey;
import dev.heliograph.whatsapp.signal.PreKeys;
import dev.heliograph.whatsapp.signal.SignalSessions;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.Dialer;
import dev.heliograph.whatsapp.stream.Acks;
import dev.heliograph.whatsapp.stream.Ending;
import dev.heliograph.whatsapp.stream.Iqs;
import dev.heliograph.whatsapp.stream.Success;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A linked device that does by hand what a session does: each step with the parts that are meant
 * for it.
 */
final class Companion implements Connection.Listener {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ClientPayloads PAYLOADS =
      new ClientPayloads(ClientVersion.KNOWN, "Heliograph");

  private final SecureRandom random = new SecureRandom();
  private final Dialer dialer;
  final MapRecords records = new MapRecords();

  private Credentials credentials;
  private BlockingQueue<Node> received = new LinkedBlockingQueue<>();
  private CompletableFuture<CloseReason> closed = new CompletableFuture<>();
  private Connection connection;

  private final List<Node> unwanted = new ArrayList<>();

  Companion(Dialer dialer) throws InterruptedException {
    this.dialer = dialer;
    this.credentials = Credentials.generate(random);
    this.connection = dial(PAYLOADS.registration(credentials));
  }

  Credentials credentials() {
    return credentials;
  }

  Account account() {
    return credentials.account();
  }

  Connection connection() {
    return connection;
  }

  SignalSessions sessions() {
    return new SignalSessions(credentials, records, random);
  }

  PreKeys preKeys() {
    return new PreKeys(records, random);
  }

  CompletableFuture<CloseReason> closed() {
    return closed;
  }

  /** Pairs; the codes are shown to whoever scans one. */
  void pair(Consumer<List<QrCode>> scanner) throws InterruptedException {
    Node pairDevice = await(Pairing::isPairDevice);
    connection.send(Pairing.taken(pairDevice));
    List<QrCode> codes = Pairing.codes(pairDevice, credentials);
    Thread scanning = Thread.startVirtualThread(() -> scanner.accept(codes));
    Pairing.Outcome outcome = Pairing.success(await(Pairing::isPairSuccess), credentials);
    if (!(outcome instanceof Pairing.Outcome.Paired(Credentials paired, Node reply))) {
      throw new AssertionError(outcome);
    }
    credentials = Credentials.decode(paired.encode());
    sessions().trust(account().lid().bare(), account().phoneIdentity());
    connection.send(reply);
    scanning.join();
    await(node -> Ending.find(node).equals(Optional.of(new Ending.RestartRequired())));
    connection.close();
  }

  void login() throws InterruptedException {
    connection = dial(PAYLOADS.login(credentials));
    await(Success::is);
    Node count = connection.request(Iqs.countPreKeys(connection.nextId()), PATIENCE);
    if (Iqs.preKeyCount(count) < PreKeys.REFILL_BELOW) {
      List<PreKey> keys = preKeys().toUpload(PreKeys.FIRST_UPLOAD);
      connection.request(Iqs.uploadPreKeys(connection.nextId(), credentials, keys), PATIENCE);
      preKeys().uploaded(keys);
    }
    connection.request(Iqs.activate(connection.nextId()), PATIENCE);
  }

  /** Says who we are, and leaves it at that. */
  void loginRefused() throws InterruptedException {
    connection = dial(PAYLOADS.login(credentials));
  }

  EncodedMessage encode(OutboundText text) throws InterruptedException {
    List<Jid> devices = new ArrayList<>(devicesOf(text.to()).devices());
    devices.addAll(devicesOf(account().lid().bare()).devices());
    OutboundMessages outbound = new OutboundMessages(account(), sessions());
    List<Jid> strangers = outbound.withoutSession(devices);
    if (!strangers.isEmpty()) {
      Node query = PreKeyBundles.query(connection.nextId(), strangers);
      PreKeyBundles.parse(connection.request(query, PATIENCE), strangers)
          .bundles()
          .forEach((device, bundle) -> sessions().process(device, bundle));
    }
    return outbound.encode(text, devices);
  }

  UserDevices devicesOf(Jid user) throws InterruptedException {
    Node query = Devices.query(connection.nextId(), List.of(user));
    return Devices.parse(connection.request(query, PATIENCE), List.of(user)).getFirst();
  }

  InboundMessage awaitMessage() throws InterruptedException {
    return InboundMessage.parse(await(node -> node.is("message")), account());
  }

  Decryption decrypt(InboundMessage message) {
    Enc enc = message.encs().getFirst();
    return sessions()
        .decrypt(message.signalSender(), enc.ciphertextType().orElseThrow(), enc.ciphertext());
  }

  /**
   * The next node that is wanted. Others are acked if they are to be, and wait for who wants them.
   */
  Node await(Predicate<Node> wanted) throws InterruptedException {
    Optional<Node> early = unwanted.stream().filter(wanted).findFirst();
    if (early.isPresent()) {
      unwanted.remove(early.get());
      return early.get();
    }
    while (true) {
      Node node = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (node == null) throw new AssertionError("nothing came in time");
      if (wanted.test(node)) return node;
      if (!node.is("message")) Acks.of(node).ifPresent(connection::send);
      unwanted.add(node);
    }
  }

  private Connection dial(byte[] payload) throws InterruptedException {
    received = new LinkedBlockingQueue<>();
    closed = new CompletableFuture<>();
    return dialer.dial(credentials.noiseKey(), () -> payload, this);
  }

  @Override
  public void received(Node node) {
    received.add(node);
  }

  @Override
  public void closed(CloseReason reason) {
    closed.complete(reason);
  }
}

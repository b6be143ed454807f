package dev.heliograph.sandbox;

import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Counters;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PreKeys;
import dev.heliograph.sandbox.connection.Connection;
import dev.heliograph.sandbox.control.ControlServer;
import dev.heliograph.sandbox.control.DeviceRoutes;
import dev.heliograph.sandbox.control.FaultRoutes;
import dev.heliograph.sandbox.control.PhoneRoutes;
import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.fault.Faults;
import dev.heliograph.sandbox.iq.Iqs;
import dev.heliograph.sandbox.iq.PreKeyIqs;
import dev.heliograph.sandbox.iq.UsyncIqs;
import dev.heliograph.sandbox.login.Gate;
import dev.heliograph.sandbox.login.Session;
import dev.heliograph.sandbox.login.Sessions;
import dev.heliograph.sandbox.login.Unlinking;
import dev.heliograph.sandbox.pairing.Pairings;
import dev.heliograph.sandbox.phone.Bundles;
import dev.heliograph.sandbox.phone.PhoneKeys;
import dev.heliograph.sandbox.phone.Phones;
import dev.heliograph.sandbox.relay.Outbox;
import dev.heliograph.sandbox.relay.Relay;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.store.StoreException;
import dev.heliograph.sandbox.store.Turns;
import dev.heliograph.sandbox.wire.CertificateAuthority;
import dev.heliograph.sandbox.wire.ServerHandshake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;

/** A running sandbox: WhatsApp Web's server and the phones, on loopback. */
public final class Sandbox implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration TICK = Duration.ofMillis(250);
  private static final int LARGEST_FRAME = 1 << 24;

  private final Vertx vertx;
  private final Database database;
  private final Turns turns;
  private final KeyPair root;
  private final HttpServer server;
  private final HttpServer control;

  private Sandbox(SandboxOptions options, Database database, Vertx vertx) {
    this.database = database;
    this.vertx = vertx;
    turns = new Turns(database);
    ServerKeys serverKeys = new ServerKeys(database);
    root = serverKeys.root();
    KeyPair noise = serverKeys.noise();
    InstantSource clock = options.clock();

    Accounts accounts = new Accounts(database);
    Devices devices = new Devices(database);
    PreKeys preKeys = new PreKeys(database);
    Counters counters = new Counters(database);
    Defects defects = new Defects(database);
    Faults faults = new Faults(new SplittableRandom());
    PhoneKeys phoneKeys = new PhoneKeys(database, devices, preKeys);
    Bundles bundles = new Bundles(devices, preKeys, phoneKeys);
    Phones phones = new Phones(database, accounts, devices, phoneKeys, bundles, counters);
    Outbox outbox = new Outbox(database, accounts, clock);
    Relay relay =
        new Relay(
            database, accounts, devices, preKeys, phones, outbox, defects, faults, counters, clock);
    Pairings pairings = new Pairings(accounts, devices, phoneKeys, relay, clock);
    Sessions sessions = new Sessions();
    Unlinking unlinking =
        new Unlinking(
            accounts, devices, preKeys, outbox, phones, relay, defects, counters, sessions);
    Iqs iqs =
        new Iqs(
            accounts,
            new PreKeyIqs(accounts, devices, preKeys, bundles, relay, defects),
            new UsyncIqs(accounts, devices, phoneKeys, clock),
            relay,
            defects,
            clock);
    Gate gate =
        new Gate(
            accounts,
            devices,
            pairings,
            new Session.Services(
                turns, sessions, outbox, relay, iqs, unlinking, faults, defects, clock));
    ControlServer routes =
        new ControlServer(
            turns,
            HexFormat.of().formatHex(root.publicKey()),
            List.of(
                new PhoneRoutes(
                    accounts, devices, phoneKeys, phones, relay, pairings, counters, faults, clock),
                new DeviceRoutes(
                    accounts, devices, preKeys, sessions, outbox, unlinking, defects, counters,
                    clock),
                new FaultRoutes(accounts, faults)));

    turns.start();
    byte[] certificate = new CertificateAuthority(root).certify(noise.publicKey(), clock.instant());
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setMaxWebSocketFrameSize(LARGEST_FRAME)
                    .setMaxWebSocketMessageSize(LARGEST_FRAME))
            .webSocketHandler(
                webSocket ->
                    new Connection(
                            vertx, webSocket, turns, gate, new ServerHandshake(noise, certificate))
                        .open());
    control = vertx.createHttpServer().requestHandler(routes::handle);
    vertx.setPeriodic(
        TICK.toMillis(), tick -> turns.submit(turn -> pairings.tick(), refusal -> {}));
  }

  /**
   * Starts a sandbox. When this returns, clients can connect.
   *
   * @throws IllegalStateException if a port is taken or another sandbox has the data folder
   */
  public static Sandbox start(SandboxOptions options) {
    Database database = open(folder(options).resolve("sandbox.db"));
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    Sandbox sandbox = new Sandbox(options, database, vertx);
    try {
      sandbox.listen(options);
      return sandbox;
    } catch (CompletionException failure) {
      sandbox.close();
      throw new IllegalStateException("a port is taken: " + failure.getMessage(), failure);
    }
  }

  private static Database open(Path file) {
    try {
      return Database.open(file);
    } catch (StoreException failure) {
      throw new IllegalStateException(
          file + " cannot be opened; perhaps another sandbox has it", failure);
    }
  }

  private void listen(SandboxOptions options) {
    await(server.listen(options.port(), LOOPBACK));
    await(control.listen(options.controlPort(), LOOPBACK));
  }

  private static Path folder(SandboxOptions options) {
    try {
      return Files.createDirectories(options.dataFolder());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  public int port() {
    return server.actualPort();
  }

  public int controlPort() {
    return control.actualPort();
  }

  /** Where clients connect instead of to WhatsApp. */
  public URI webSocketUri() {
    return URI.create("ws://" + LOOPBACK + ":" + port() + "/ws/chat");
  }

  public URI controlUri() {
    return URI.create("http://" + LOOPBACK + ":" + controlPort());
  }

  /** What clients must trust instead of WhatsApp's: the public key of 32 bytes, in hex. */
  public String rootKey() {
    return HexFormat.of().formatHex(root.publicKey());
  }

  /** Drops all clients; everything that was promised to one is on disk. */
  @Override
  public void close() {
    await(Future.join(server.close(), control.close()).otherwiseEmpty());
    turns.close();
    database.close();
    await(vertx.close());
  }
}

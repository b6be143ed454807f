package dev.heliograph.sandbox.control;

import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Counters;
import dev.heliograph.sandbox.account.Counters.Counter;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PreKeys;
import dev.heliograph.sandbox.connection.Connection;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.login.Session;
import dev.heliograph.sandbox.login.Sessions;
import dev.heliograph.sandbox.login.Unlinking;
import dev.heliograph.sandbox.relay.Outbox;
import dev.heliograph.sandbox.wire.Node;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The companions of a phone: what they do, and what is done to them. */
public final class DeviceRoutes implements Route.Group {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Accounts accounts;
  private final Devices devices;
  private final PreKeys preKeys;
  private final Sessions sessions;
  private final Outbox outbox;
  private final Unlinking unlinking;
  private final Defects defects;
  private final Counters counters;
  private final InstantSource clock;

  public DeviceRoutes(
      Accounts accounts,
      Devices devices,
      PreKeys preKeys,
      Sessions sessions,
      Outbox outbox,
      Unlinking unlinking,
      Defects defects,
      Counters counters,
      InstantSource clock) {
    this.accounts = accounts;
    this.devices = devices;
    this.preKeys = preKeys;
    this.sessions = sessions;
    this.outbox = outbox;
    this.unlinking = unlinking;
    this.defects = defects;
    this.counters = counters;
    this.clock = clock;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/connected", this::connected),
        new Route("GET", "/phones/{msisdn}/devices", this::list),
        new Route("DELETE", "/phones/{msisdn}/devices/{device}", this::unlink),
        new Route("DELETE", "/phones/{msisdn}/devices/{device}/defects", this::forgive),
        new Route("POST", "/phones/{msisdn}/devices/{device}/drop", this::drop),
        new Route(
            "POST", "/phones/{msisdn}/devices/{device}/end", Set.of("code", "conflict"), this::end),
        new Route(
            "POST", "/phones/{msisdn}/devices/{device}/garbage", Set.of("kind"), this::garbage));
  }

  /** From memory alone: it is asked for many times a second while others are timed. */
  private CompletableFuture<Reply> connected(Request request) {
    JsonArray all = new JsonArray();
    for (DeviceAddress address : sessions.connected()) {
      all.add(new JsonObject().put("lid", address.lid()).put("device", address.device()));
    }
    return Reply.ok(new JsonObject().put("devices", all)).now();
  }

  private CompletableFuture<Reply> list(Request request) {
    JsonArray all = new JsonArray();
    devices.of(PhoneRoutes.account(accounts, request).lid()).stream()
        .filter(device -> !device.address().isPhone())
        .forEach(device -> all.add(json(device)));
    return Reply.ok(new JsonObject().put("devices", all)).now();
  }

  private JsonObject json(Device device) {
    DeviceAddress address = device.address();
    JsonArray found = new JsonArray();
    for (Defects.Found defect : defects.of(address)) {
      found.add(
          new JsonObject()
              .put("defect", defect.defect().name().toLowerCase(Locale.ROOT))
              .put("about", defect.about())
              .put("times", defect.times()));
    }
    return new JsonObject()
        .put("device", address.device())
        .put("name", device.name())
        .put("linked_at", device.linkedAt().toString())
        .put("connected", sessions.find(address).isPresent())
        .put("queue", outbox.length(address))
        .put("pre_keys", preKeys.count(address))
        .put("retry_receipts_sent", counters.of(address).get(Counter.RETRY_SENT))
        .put("retry_receipts_received", counters.of(address).get(Counter.RETRY_RECEIVED))
        .put("defects", found);
  }

  private DeviceAddress address(Request request) {
    DeviceAddress address =
        new DeviceAddress(PhoneRoutes.account(accounts, request).lid(), request.number("device"));
    if (address.isPhone() || devices.find(address).isEmpty()) {
      throw new RefusedCallException(
          404, "device_not_found", "this phone has no companion of this number");
    }
    return address;
  }

  private CompletableFuture<Reply> unlink(Request request) {
    unlinking.unlink(request.turn(), address(request));
    return Reply.ok(new JsonObject()).now();
  }

  private CompletableFuture<Reply> forgive(Request request) {
    defects.removeAll(address(request));
    return Reply.ok(new JsonObject()).now();
  }

  private Session session(Request request) {
    return sessions
        .find(address(request))
        .orElseThrow(
            () ->
                new RefusedCallException(
                    409, "device_not_connected", "this companion is not connected"));
  }

  private CompletableFuture<Reply> drop(Request request) {
    session(request).connection().drop();
    return Reply.ok(new JsonObject()).now();
  }

  private CompletableFuture<Reply> end(Request request) {
    Node lastWord = Node.of("stream:error");
    Optional<Integer> code = request.count("code");
    if (code.isPresent()) {
      lastWord = lastWord.with("code", code.get());
    }
    Optional<String> conflict = request.text("conflict");
    if (conflict.isPresent()) {
      lastWord = lastWord.with(Node.of("conflict").with("type", conflict.get()));
    }
    if (code.isEmpty() && conflict.isEmpty()) {
      throw new RefusedCallException(
          400, "field_missing", "\"code\" or \"conflict\" says how it ends");
    }
    session(request).end(lastWord);
    return Reply.ok(new JsonObject()).now();
  }

  private CompletableFuture<Reply> garbage(Request request) {
    byte[] random = new byte[64];
    RANDOM.nextBytes(random);
    Connection connection = session(request).connection();
    switch (request.requireText("kind")) {
      case "frame" -> connection.sendGarbageFrame(random);
      case "node" -> {
        // Not compressed, and not a list: no random byte may make it a node after all.
        random[0] = 0;
        random[1] = 1;
        connection.sendGarbageNode(random);
      }
      case "message" -> outbox.put(request.turn(), address(request), message(request, random));
      default ->
          throw new RefusedCallException(
              422, "kind_unknown", "\"kind\" must be \"frame\", \"node\" or \"message\"");
    }
    return Reply.ok(new JsonObject()).now();
  }

  /** A message of the own phone that nobody has encrypted. */
  private Node message(Request request, byte[] random) {
    return Node.of("message", Node.of("enc", random).with("v", "2").with("type", "msg"))
        .with("from", PhoneRoutes.account(accounts, request).lidJid())
        .with("id", UUID.randomUUID().toString())
        .with("t", clock.instant().getEpochSecond())
        .with("type", "text");
  }
}

package dev.heliograph.sandbox.control;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Counters;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.fault.Faults;
import dev.heliograph.sandbox.pairing.Pairings;
import dev.heliograph.sandbox.phone.PhoneKeys;
import dev.heliograph.sandbox.phone.Phones;
import dev.heliograph.sandbox.phone.ShownMessage;
import dev.heliograph.sandbox.relay.Relay;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** What a person does with a phone. */
public final class PhoneRoutes implements Route.Group {
  private static final Pattern MSISDN = Pattern.compile("[1-9][0-9]{6,14}");
  private static final int SCAN_SECONDS = 30;

  private final Accounts accounts;
  private final Devices devices;
  private final PhoneKeys phoneKeys;
  private final Phones phones;
  private final Relay relay;
  private final Pairings pairings;
  private final Counters counters;
  private final Faults faults;
  private final InstantSource clock;

  public PhoneRoutes(
      Accounts accounts,
      Devices devices,
      PhoneKeys phoneKeys,
      Phones phones,
      Relay relay,
      Pairings pairings,
      Counters counters,
      Faults faults,
      InstantSource clock) {
    this.accounts = accounts;
    this.devices = devices;
    this.phoneKeys = phoneKeys;
    this.phones = phones;
    this.relay = relay;
    this.pairings = pairings;
    this.counters = counters;
    this.faults = faults;
    this.clock = clock;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        new Route("POST", "/phones", Set.of("msisdn", "push_name"), this::create),
        new Route("GET", "/phones", this::list),
        new Route("GET", "/phones/{msisdn}", this::get),
        new Route("POST", "/phones/{msisdn}/scan", Set.of("qr"), this::scan),
        new Route("POST", "/phones/{msisdn}/messages", Set.of("to", "text", "id"), this::send),
        new Route("GET", "/phones/{msisdn}/messages", this::messages),
        new Route("POST", "/phones/{msisdn}/messages/{id}/read", this::read),
        new Route("GET", "/phones/{msisdn}/receipts", this::receipts),
        new Route("GET", "/phones/{msisdn}/stats", this::stats));
  }

  static Account account(Accounts accounts, Request request) {
    return accounts
        .findByMsisdn(request.path("msisdn"))
        .orElseThrow(
            () -> new RefusedCallException(404, "phone_not_found", "no phone has this number"));
  }

  private Account account(Request request) {
    return account(accounts, request);
  }

  private static String msisdn(String text) {
    String digits = text.startsWith("+") ? text.substring(1) : text;
    if (!MSISDN.matcher(digits).matches()) {
      throw new RefusedCallException(
          422, "msisdn_malformed", "a phone number has 7 to 15 digits and does not begin with 0");
    }
    return digits;
  }

  private CompletableFuture<Reply> create(Request request) {
    String msisdn = request.text("msisdn").map(PhoneRoutes::msisdn).orElseGet(accounts::freeMsisdn);
    if (accounts.findByMsisdn(msisdn).isPresent()) {
      throw new RefusedCallException(409, "phone_exists", "a phone has this number already");
    }
    Account account =
        accounts.create(msisdn, request.text("push_name").orElse("Sandbox"), clock.instant());
    phoneKeys.create(account);
    return Reply.created(json(account)).now();
  }

  private CompletableFuture<Reply> list(Request request) {
    JsonArray all = new JsonArray();
    accounts.all().forEach(account -> all.add(json(account)));
    return Reply.ok(new JsonObject().put("phones", all)).now();
  }

  private CompletableFuture<Reply> get(Request request) {
    return Reply.ok(json(account(request))).now();
  }

  private JsonObject json(Account account) {
    JsonArray companions = new JsonArray();
    devices.of(account.lid()).stream()
        .map(Device::address)
        .filter(address -> !address.isPhone())
        .forEach(address -> companions.add(address.device()));
    return new JsonObject()
        .put("msisdn", account.msisdn())
        .put("lid", account.lid())
        .put("push_name", account.pushName())
        .put("devices", companions);
  }

  private CompletableFuture<Reply> scan(Request request) {
    return pairings
        .scan(request.turn(), account(request), request.requireText("qr"))
        .thenApply(address -> Reply.ok(new JsonObject().put("device", address.device())))
        .orTimeout(SCAN_SECONDS, TimeUnit.SECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    failure instanceof TimeoutException
                        ? new RefusedCallException(
                            409, "companion_silent", "the companion has not answered")
                        : failure));
  }

  private CompletableFuture<Reply> send(Request request) {
    Account from = account(request);
    Account to =
        accounts
            .findByMsisdn(msisdn(request.requireText("to")))
            .orElseThrow(
                () ->
                    new RefusedCallException(
                        422, "recipient_unknown", "no phone has the number in \"to\""));
    String text = request.requireText("text");
    String id =
        request.text("id").filter(given -> !given.isEmpty()).orElseGet(Phones::newMessageId);
    JsonObject sent = new JsonObject().put("id", id);
    if (phones.sent().has(from.lid(), id) && faults.dedups(from.lid())) {
      return Reply.ok(sent).now();
    }
    Device phone = devices.find(from.phone()).orElseThrow();
    relay.accept(request.turn(), phone, phones.compose(from, to, id, text));
    return Reply.created(sent).now();
  }

  private CompletableFuture<Reply> messages(Request request) {
    JsonArray messages = new JsonArray();
    phones.shown().of(account(request).lid()).forEach(message -> messages.add(json(message)));
    return Reply.ok(new JsonObject().put("messages", messages)).now();
  }

  private JsonObject json(ShownMessage message) {
    return new JsonObject()
        .put("id", message.id())
        .put("from", accounts.get(message.from().lid()).msisdn())
        .put("from_lid", message.from().lid())
        .put("from_device", message.from().device())
        .put("chat", accounts.get(message.chat()).msisdn())
        .put("text", message.text())
        .put("device_sent", message.deviceSent())
        .put("peer", message.peer())
        .put("retry", message.retry())
        .put("timestamp", message.timestamp());
  }

  private CompletableFuture<Reply> read(Request request) {
    Account account = account(request);
    ShownMessage message =
        phones
            .shown()
            .find(account.lid(), request.path("id"))
            .orElseThrow(
                () ->
                    new RefusedCallException(
                        404, "message_not_found", "this phone shows no message of this id"));
    Device phone = devices.find(account.phone()).orElseThrow();
    relay.forward(
        request.turn(), phone, phones.readReceipt(message, clock.instant().getEpochSecond()));
    return Reply.ok(new JsonObject().put("id", message.id())).now();
  }

  private CompletableFuture<Reply> receipts(Request request) {
    JsonArray receipts = new JsonArray();
    phones
        .sent()
        .receiptsOf(account(request).lid())
        .forEach(
            receipt ->
                receipts.add(
                    new JsonObject()
                        .put("id", receipt.id())
                        .put("from", accounts.get(receipt.fromLid()).msisdn())
                        .put("type", receipt.type())
                        .put("timestamp", receipt.timestamp())));
    return Reply.ok(new JsonObject().put("receipts", receipts)).now();
  }

  private CompletableFuture<Reply> stats(Request request) {
    JsonObject stats = new JsonObject();
    counters
        .of(account(request).phone())
        .forEach((counter, times) -> stats.put(counter.name().toLowerCase(Locale.ROOT), times));
    return Reply.ok(stats).now();
  }
}

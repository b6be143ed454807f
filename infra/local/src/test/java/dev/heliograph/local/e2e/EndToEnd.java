package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.local.e2e.ApiClient.Answer;
import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.local.e2e.WebhookReceiver.Delivery;
import dev.heliograph.sandbox.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a customer does, against the real commands; where the worker runs is for each to say.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndToEnd {
  /** What an endpoint hears of an instance while it is linked. */
  static final List<String> UNTIL_CONNECTED =
      List.of("instance.connecting", "instance.qr", "instance.connecting", "instance.connected");

  @TempDir static Path folder;

  private Gateway commands;
  private JavaProcess gateway;
  private WebhookReceiver webhooks;
  private ApiClient api;
  private ControlClient phones;
  private Customer customer;

  /** Adapts what is started to where the worker is to run. */
  abstract Gateway adapt(Gateway commands);

  /** Starts what the gateway's own process does not run. */
  abstract void startWorker(Gateway commands);

  abstract void stopWorker();

  @BeforeAll
  void start() throws IOException {
    commands =
        adapt(
            Gateway.of(this, folder)
                .with("--sandbox", "--sandbox-port", "0", "--sandbox-control-port", "0")
                .with(Map.of("HEARTBEAT_INTERVAL_MS", "1000")));
    webhooks = WebhookReceiver.start();
    gateway = commands.start();
    startWorker(commands);
    api = new ApiClient(Gateway.apiOf(gateway), Gateway.keyOf(gateway));
    phones = new ControlClient(Gateway.phonesOf(gateway));
    customer = new Customer(api, phones, webhooks).subscribe();
  }

  @AfterAll
  void stop() {
    stopWorker();
    gateway.close();
    webhooks.close();
  }

  Customer customer() {
    return customer;
  }

  Gateway commands() {
    return commands;
  }

  @Test
  void aNumberPairsSendsAndReceives() throws IOException {
    String friend = phones.createPhone("Friend");

    Paired number = customer.pair("Shop");
    String message = api.send(number.instance(), friend, "hello", "order-1");
    customer.awaitMessage(number.instance(), message, "delivered");
    String answer = phones.send(friend, number.msisdn(), "hi");

    assertThat(phones.texts(friend)).containsExactly("hello");
    customer.awaitEvents(
        number.instance(),
        List.of(
            "instance.connecting",
            "instance.qr",
            "instance.connecting",
            "instance.connected",
            "message.sent",
            "message.delivered",
            "message.received"));
    assertThatEveryEventIsWhole(number);
    assertThatReceived(
        webhooks.events(number.instance(), "message.received").getFirst().data(), friend, "hi");
    assertThat(delivered(number, message)).isEqualTo("order-1");
    Customer.eventually(() -> assertThat(receiptTypes(friend, answer)).contains("delivery"));
    assertThatTheClientDidNothingWrong(number);
  }

  private String delivered(Paired number, String message) {
    JsonNode data = webhooks.events(number.instance(), "message.delivered").getFirst().data();
    assertThat(data.path("message_id").asText()).isEqualTo(message);
    return data.path("client_ref").asText();
  }

  private List<String> receiptTypes(String msisdn, String message) {
    return phones.receipts(msisdn).stream()
        .filter(receipt -> receipt.getString("id").equals(message))
        .map(receipt -> receipt.getString("type"))
        .toList();
  }

  private void assertThatReceived(JsonNode data, String from, String text) {
    assertThat(data.path("from").path("phone_number").asText()).isEqualTo("+" + from);
    assertThat(data.path("from").path("lid").asText()).isEqualTo(phones.lid(from) + "@lid");
    assertThat(data.path("from").path("push_name").asText()).isEqualTo("Friend");
    assertThat(data.path("body").path("text").asText()).isEqualTo(text);
  }

  /** Numbered without gaps, and the same under every name that it has. */
  private void assertThatEveryEventIsWhole(Paired number) {
    List<Delivery> events = webhooks.events(number.instance());
    assertThat(events)
        .extracting(Delivery::sequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(events)
        .allMatch(event -> event.webhookId().equals(event.event().path("id").asText()));
    assertThat(webhooks.unverified()).isZero();
  }

  private void assertThatTheClientDidNothingWrong(Paired number) {
    assertThat(phones.defects(number.msisdn(), number.device())).isEmpty();
    var device = phones.device(number.msisdn(), number.device());
    assertThat(device.getInteger("retry_receipts_sent")).isZero();
    assertThat(device.getInteger("retry_receipts_received")).isZero();
  }

  @Test
  void whatWasSentWhileItWasDisconnectedComesWithTheConnection() throws IOException {
    String friend = phones.createPhone("Friend");
    Paired number = customer.pair("Office");

    api.wish(number.instance(), "disconnect");
    customer.awaitStatus(number.instance(), "disconnected");
    phones.send(friend, number.msisdn(), "anybody there?");
    Answer refused = api.trySend(number.instance(), friend, "no", "early");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.error()).isEqualTo("not_connected");
    assertThat(api.qr(number.instance()).error()).isEqualTo("already_paired");
    Customer.eventually(() -> assertThat(customer.isOnline(number)).isFalse());

    api.wish(number.instance(), "connect");
    customer.awaitStatus(number.instance(), "connected");
    api.send(number.instance(), friend, "back again", "late");

    customer.awaitTexts(friend, "back again");
    Customer.eventually(
        () ->
            assertThat(webhooks.types(number.instance()))
                .containsSubsequence(UNTIL_CONNECTED)
                .containsSubsequence(
                    "instance.connected",
                    "instance.disconnected",
                    "instance.connecting",
                    "instance.connected")
                .containsOnlyOnce("message.received", "message.sent", "message.delivered"));
    assertThat(reason(number, "instance.disconnected")).isEqualTo("requested");
    assertThatTheClientDidNothingWrong(number);
  }

  @Test
  void aLogoutUnlinksAndAnotherPhoneCanScan() throws IOException {
    Paired number = customer.pair("Old phone");

    api.wish(number.instance(), "logout");
    customer.awaitStatus(number.instance(), "pending");
    assertThat(phones.devices(number.msisdn())).isEmpty();
    String other = phones.createPhone("New phone");
    Paired again = customer.pair(number.instance(), other);

    assertThat(api.instance(number.instance()).body().path("phone_number").asText())
        .isEqualTo("+" + other);
    customer.awaitEvents(
        number.instance(),
        List.of(
            "instance.connecting",
            "instance.qr",
            "instance.connecting",
            "instance.connected",
            "instance.pending",
            "instance.connecting",
            "instance.qr",
            "instance.connecting",
            "instance.connected"));
    assertThatEveryEventIsWhole(again);
  }

  @Test
  void whoIsUnlinkedByThePhoneHasFailedUntilItIsScannedAgain() throws IOException {
    Paired number = customer.pair("Kiosk");

    phones.unlink(number.msisdn(), number.device());
    customer.awaitStatus(number.instance(), "failed");
    customer.awaitEvent(number.instance(), "instance.failed");
    Paired again = customer.pair(number.instance(), number.msisdn());

    assertThat(reason(number, "instance.failed")).isEqualTo("logged_out");
    assertThat(customer.isOnline(again)).isTrue();
  }

  private String reason(Paired number, String type) {
    return webhooks
        .events(number.instance(), type)
        .getFirst()
        .data()
        .path("status_reason")
        .asText();
  }

  @Test
  void aDeletedInstanceIsGoneHereAndAtWhatsApp() throws IOException {
    Paired number = customer.pair("Pop-up store");

    api.delete(number.instance());

    assertThatIsGone(number);
  }

  @Test
  void anInstanceThatIsNotConnectedIsUnlinkedWhenItIsDeleted() throws IOException {
    Paired number = customer.pair("Summer");
    api.wish(number.instance(), "disconnect");
    customer.awaitStatus(number.instance(), "disconnected");

    api.delete(number.instance());

    assertThatIsGone(number);
  }

  private void assertThatIsGone(Paired number) throws IOException {
    assertThat(api.instance(number.instance()).status()).isEqualTo(404);
    assertThat(api.qr(number.instance()).status()).isEqualTo(404);
    assertThat(api.instances().findValuesAsText("id")).doesNotContain(number.instance());
    customer.awaitEvent(number.instance(), "instance.deleted");
    assertThat(deletion(number.instance()).path("unlinked").asBoolean()).isTrue();
    assertThat(phones.devices(number.msisdn())).isEmpty();
  }

  @Test
  void anInstanceThatNobodyScannedIsDeletedAtOnce() throws IOException {
    String instance = api.createInstance("Never used");

    api.delete(instance);

    customer.awaitEvent(instance, "instance.deleted");
    assertThat(deletion(instance).path("unlinked").asBoolean()).isFalse();
    assertThat(webhooks.types(instance)).containsExactly("instance.deleted");
  }

  private JsonNode deletion(String instance) {
    return webhooks.events(instance, "instance.deleted").getFirst().data();
  }

  @Test
  void anEventThatWasNotTakenComesAgainUnderTheSameId() throws IOException {
    String instance = api.createInstance("Impatient");
    webhooks.fail(instance);

    api.delete(instance);

    Customer.eventually(() -> assertThat(webhooks.deliveries(instance)).hasSize(2));
    assertThat(webhooks.deliveries(instance))
        .extracting(Delivery::webhookId)
        .containsOnly(webhooks.events(instance).getFirst().webhookId());
  }
}

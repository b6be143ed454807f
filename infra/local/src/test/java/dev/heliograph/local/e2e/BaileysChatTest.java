package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.local.e2e.WebhookReceiver.Delivery;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.sandbox.baileys.BaileysClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A conversation with a client that others wrote. */
@Tag("slow")
class BaileysChatTest {
  private static final int TEXTS = 100;
  private static final int HALF = TEXTS / 2;
  private static final int DELIVERED = 3;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Sandbox sandbox;
  private Gateway commands;
  private JavaProcess gateway;
  private WebhookReceiver webhooks;
  private ControlClient phones;
  private Customer customer;

  @BeforeAll
  static void baileysIsThere() {
    BaileysClient.require();
  }

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    commands = Gateway.of(this, folder).talkingTo(sandbox.webSocketUri(), sandbox.rootKey());
    gateway = commands.start();
    webhooks = WebhookReceiver.start();
    phones = new ControlClient(sandbox.controlUri());
    ApiClient api = new ApiClient(Gateway.apiOf(gateway), Gateway.keyOf(gateway));
    customer = new Customer(api, phones, webhooks).subscribe();
  }

  @AfterEach
  void stop() {
    gateway.close();
    webhooks.close();
    sandbox.close();
    threads.close();
  }

  /**
   * They take turns: Baileys (7.0.0-rc14) writes its record of a session both when it encrypts and
   * when it decrypts, loses one of the two if they meet, and then uses a ratchet step twice or asks
   * for a message again.
   */
  @Test
  void eachOfAHundredTextsIsReadOnceAcrossARestartOfEither() throws IOException {
    Paired ours = customer.pair("Ours");
    String friend = phones.createPhone("Baileys");
    List<String> read = new ArrayList<>();

    try (BaileysClient baileys = baileys()) {
      phones.scan(friend, baileys.awaitQr());
      baileys.awaitOpen();
      CompletableFuture<Void> answers =
          CompletableFuture.runAsync(() -> sendAsBaileys(baileys, ours, 1, HALF), threads);
      Customer.eventually(() -> assertThat(received(ours)).hasSizeGreaterThan(HALF / 4));
      gateway.kill();
      gateway = commands.start();
      answers.join();
      sendAsUs(ours, friend, 1, HALF);
      read.addAll(awaitHalf(baileys, friend));
    }
    try (BaileysClient baileys = baileys()) {
      baileys.awaitOpen();
      sendAsUs(ours, friend, HALF + 1, TEXTS);
      read.addAll(awaitHalf(baileys, friend));
      sendAsBaileys(baileys, ours, HALF + 1, TEXTS);
      Customer.eventually(() -> assertThat(received(ours)).hasSize(TEXTS));
    }

    assertThat(phones.texts(friend))
        .filteredOn(text -> String.valueOf(text).startsWith("from us"))
        .containsExactlyElementsOf(texts("from us", 1, TEXTS));
    assertThat(read).containsExactlyElementsOf(texts("from us", 1, TEXTS));
    assertThat(received(ours)).containsExactlyElementsOf(texts("from Baileys", 1, TEXTS));
    Customer.eventually(
        () ->
            assertThat(webhooks.events(ours.instance(), "message.delivered"))
                .extracting(BaileysChatTest::clientRef)
                .containsExactlyInAnyOrderElementsOf(texts("from us", 1, TEXTS)));
    assertThatNobodyAskedAgain(ours.msisdn());
    assertThatNobodyAskedAgain(friend);
    assertThat(phones.defects(ours.msisdn(), ours.device())).isEmpty();
    assertThat(webhooks.unverified()).isZero();
  }

  private BaileysClient baileys() {
    return BaileysClient.start(sandbox.webSocketUri(), sandbox.rootKey(), folder.resolve("auth"));
  }

  /** What others have sent to Baileys: it shows what it sends itself, too. */
  private static List<String> read(BaileysClient baileys) {
    return baileys.received().stream()
        .filter(message -> !message.fromMe())
        .map(message -> message.undecryptable() ? "undecryptable" : String.valueOf(message.text()))
        .toList();
  }

  private boolean hasEverything(JsonObject device) {
    return device.getInteger("queue") == 0;
  }

  private List<String> received(Paired number) {
    return customer.textsReceived(number.instance());
  }

  private static String clientRef(Delivery event) {
    return event.data().path("client_ref").asText();
  }

  /** Until each of its texts is with us: what it writes meanwhile does not meet what it reads. */
  private void sendAsBaileys(BaileysClient baileys, Paired to, int first, int last) {
    List<String> sent =
        texts("from Baileys", first, last).stream()
            .map(text -> baileys.send(to.msisdn(), text))
            .toList();
    Customer.eventually(() -> assertThat(sent).allMatch(id -> baileys.status(id) >= DELIVERED));
  }

  /**
   * Until Baileys has read so many, and has told the server so: then nothing is in flight to it.
   */
  private List<String> awaitHalf(BaileysClient baileys, String friend) {
    Customer.eventually(() -> assertThat(read(baileys)).hasSize(HALF));
    Customer.eventually(() -> assertThat(phones.devices(friend)).allMatch(this::hasEverything));
    return read(baileys);
  }

  private void sendAsUs(Paired from, String to, int first, int last) {
    texts("from us", first, last).forEach(text -> customer.send(from, to, text, text));
  }

  private static List<String> texts(String sender, int first, int last) {
    IntFunction<String> text = number -> "%s: %d".formatted(sender, number);
    return IntStream.rangeClosed(first, last).mapToObj(text).toList();
  }

  private void assertThatNobodyAskedAgain(String msisdn) {
    assertThat(phones.devices(msisdn))
        .isNotEmpty()
        .allMatch(device -> device.getInteger("retry_receipts_sent") == 0)
        .allMatch(device -> device.getInteger("retry_receipts_received") == 0);
    assertThat(phones.stats(msisdn).getInteger("undecryptable")).isZero();
  }
}

package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.local.e2e.ApiClient.Answer;
import dev.heliograph.sandbox.ControlClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Who uses the gateway: with a program, an endpoint for webhooks, and phones in the hand. */
public record Customer(ApiClient api, ControlClient phones, WebhookReceiver webhooks) {
  static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> BEGUN_TWICE =
      List.of("instance.connecting", "instance.qr", "instance.connecting", "instance.qr");

  /**
   * An instance that a phone has linked.
   *
   * @param msisdn the phone's number, which is now the instance's
   * @param device what WhatsApp calls the instance among the phone's devices
   */
  public record Paired(String instance, String msisdn, int device) {}

  /** Has the endpoint hear of everything. */
  public Customer subscribe() throws IOException {
    webhooks.verifyWith(api.createWebhook(webhooks.url()));
    return this;
  }

  /** Creates an instance and links it to a new phone. */
  public Paired pair(String name) throws IOException {
    String msisdn = phones.createPhone(name);
    return pair(api.createInstance(name), msisdn);
  }

  /** Links an instance to a phone by its QR code, and waits until it is connected. */
  Paired pair(String instance, String msisdn) throws IOException {
    int device =
        patiently("the phone has scanned a code that is still shown")
            .until(() -> phones.scanIfShown(msisdn, awaitQr(instance)), OptionalInt::isPresent)
            .getAsInt();
    awaitStatus(instance, "connected");
    return new Paired(instance, msisdn, device);
  }

  /** The text of the QR code; asks again as long as it is told to. */
  String awaitQr(String instance) {
    return patiently("a QR code")
        .until(
            () -> api.qr(instance),
            answer -> {
              assertThat(answer.error()).isIn("", "qr_not_ready");
              return answer.status() == 200;
            })
        .body()
        .path("raw")
        .asText();
  }

  /**
   * Sends a text as a careful program does: until there is an answer, under the same reference.
   *
   * @return the message's id
   */
  public String send(Paired from, String to, String text, String clientRef) {
    return patiently("the text is accepted")
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> api.trySend(from.instance(), to, text, clientRef),
            answer -> {
              boolean maybeLater = answer.status() >= 500 || answer.error().equals("not_connected");
              assertThat(maybeLater || answer.status() == 202).as("%s", answer).isTrue();
              return !maybeLater;
            })
        .body()
        .path("message_id")
        .asText();
  }

  void awaitStatus(String instance, String status) {
    patiently("the instance is " + status).until(() -> api.status(instance), status::equals);
  }

  void awaitMessage(String instance, String message, String status) {
    patiently("the message is " + status)
        .until(() -> api.message(instance, message).path("status").asText(), status::equals);
  }

  void awaitEvent(String instance, String type) {
    patiently(type).until(() -> !webhooks.events(instance, type).isEmpty());
  }

  /**
   * Waits until an endpoint has heard this, in this order, and nothing else; but that a pairing may
   * have begun again, as it does when the tables stand still for some seconds.
   */
  void awaitEvents(String instance, List<String> types) {
    eventually(
        () ->
            assertThat(withoutRepeatedBeginnings(webhooks.types(instance)))
                .containsExactlyElementsOf(types));
  }

  private static List<String> withoutRepeatedBeginnings(List<String> types) {
    List<String> kept = new ArrayList<>();
    for (String type : types) {
      kept.add(type);
      int size = kept.size();
      if (size >= 4 && kept.subList(size - 4, size).equals(BEGUN_TWICE)) {
        kept.subList(size - 2, size).clear();
      }
    }
    return kept;
  }

  void awaitTexts(String msisdn, String... texts) {
    eventually(() -> assertThat(phones.texts(msisdn)).containsExactly(texts));
  }

  void awaitGone(String instance) {
    patiently("the instance is gone").until(() -> api.instance(instance), Customer::isNotFound);
  }

  private static boolean isNotFound(Answer answer) {
    return answer.status() == 404;
  }

  /** What came in by webhook, once for each event. */
  List<String> textsReceived(String instance) {
    return webhooks.events(instance, "message.received").stream()
        .map(event -> event.data().path("body").path("text").asText())
        .toList();
  }

  /** Whether WhatsApp has a connection of this device. */
  boolean isOnline(Paired number) {
    return phones.device(number.msisdn(), number.device()).getBoolean("connected");
  }

  static void eventually(ThrowingRunnable assertion) {
    patiently("in the end").untilAsserted(assertion);
  }

  private static ConditionFactory patiently(String what) {
    return await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100));
  }
}

package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.local.e2e.WebhookReceiver.Delivery;
import dev.heliograph.sandbox.ControlClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;

/** Texts that flow both ways between an instance and a friend, and what must have come of them. */
final class Traffic {
  private static final Duration UNTIL_SETTLED = Duration.ofMinutes(10);
  private static final int GOOD_PART = 50;

  private final Customer customer;
  private final ControlClient phones;
  private final WebhookReceiver webhooks;
  private final Paired number;
  private final String friend;
  private final long begun;
  private final Flow out;
  private final Flow in;
  private Duration sentFor = Duration.ZERO;

  private Traffic(Customer customer, Paired number, String friend, Duration pace) {
    this.customer = customer;
    this.phones = customer.phones();
    this.webhooks = customer.webhooks();
    this.number = number;
    this.friend = friend;
    this.begun = System.nanoTime();
    this.out =
        Flow.start("out", pace, text -> customer.send(number, friend, text, text), this::decrypted);
    this.in =
        Flow.start(
            "in",
            pace,
            text -> phones.send(friend, number.msisdn(), text),
            () -> heardOf("message.received"));
  }

  /**
   * Has a new instance and a new phone write to each other.
   *
   * @param pace from one text of a direction to the next
   */
  static Traffic start(Customer customer, Duration pace) throws IOException {
    Paired number = customer.pair("Survivor");
    return new Traffic(customer, number, customer.phones().createPhone("Friend"), pace);
  }

  String instance() {
    return number.instance();
  }

  /** Waits until what was held up has come through in both directions, or a good part of it. */
  void awaitFlow() {
    int shown = Math.min(out.size() + 1, decrypted() + GOOD_PART);
    int received = Math.min(in.size() + 1, heardOf("message.received") + GOOD_PART);
    await("texts flow again")
        .atMost(UNTIL_SETTLED)
        .until(() -> decrypted() >= shown && heardOf("message.received") >= received);
  }

  /** What the friend's phone has read: counted there, as the list of it grows long. */
  private int decrypted() {
    return phones.stats(friend).getInteger("decrypted", 0);
  }

  private int heardOf(String type) {
    return webhooks.count(number.instance(), type);
  }

  private List<String> shown() {
    return phones.texts(friend).stream().filter(text -> text.startsWith("out")).toList();
  }

  private List<String> received() {
    return customer.textsReceived(number.instance());
  }

  /** How far it has come. */
  String progress() {
    return "accepted %d, shown %d, sent %d, received %d"
        .formatted(out.size(), decrypted(), in.size(), heardOf("message.received"));
  }

  /** Sends nothing until {@link #goOn()}, and waits until everything has arrived. */
  void rest() {
    out.rest();
    in.rest();
    awaitArrival();
  }

  void goOn() {
    out.goOn();
    in.goOn();
  }

  /** Sends no more, and waits until everything has arrived. */
  void end() {
    out.stop();
    in.stop();
    sentFor = Duration.ofNanos(System.nanoTime() - begun);
    awaitArrival();
  }

  private void awaitArrival() {
    await("everything has arrived").atMost(UNTIL_SETTLED).until(this::hasArrived);
  }

  private boolean hasArrived() {
    return decrypted() >= out.size()
        && heardOf("message.received") >= in.size()
        && heardOf("message.delivered") >= out.size();
  }

  /** Fails unless each text has arrived once, in order, and the client has done nothing wrong. */
  void check() throws IOException {
    assertThat(customer.api().status(number.instance())).isEqualTo("connected");
    assertThat(phones.devices(number.msisdn()))
        .extracting(device -> device.getInteger("device"))
        .containsExactly(number.device());
    assertThat(shown()).containsExactlyElementsOf(out.texts());
    assertThat(phones.texts(number.msisdn()))
        .filteredOn(text -> text.startsWith("out"))
        .containsExactlyElementsOf(out.texts());
    assertThat(received()).containsExactlyElementsOf(in.texts());
    assertThat(clientRefs("message.sent")).containsExactlyElementsOf(out.texts());
    assertThat(clientRefs("message.delivered")).containsExactlyInAnyOrderElementsOf(out.texts());
    assertThatEachEventHasOneId();
    assertThat(phones.defects(number.msisdn(), number.device())).isEmpty();
    assertThat(device().getInteger("retry_receipts_sent")).isZero();
    assertThat(device().getInteger("retry_receipts_received")).isZero();
    assertThat(phones.stats(friend).getInteger("undecryptable")).isZero();
    assertThat(webhooks.unverified()).isZero();
  }

  private List<String> clientRefs(String type) {
    return webhooks.events(number.instance(), type).stream()
        .map(event -> event.data().path("client_ref").asText())
        .toList();
  }

  private JsonObject device() {
    return phones.device(number.msisdn(), number.device());
  }

  private void assertThatEachEventHasOneId() {
    List<Delivery> events = webhooks.events(number.instance());
    assertThat(events)
        .extracting(Delivery::sequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(new HashSet<>(webhooks.deliveries(number.instance())))
        .as("the same each time")
        .hasSameSizeAs(events)
        .allMatch(delivery -> delivery.webhookId().equals(delivery.event().path("id").asText()));
  }

  /** What can be counted, for whoever reads what the test prints. */
  String summary() {
    return """
    texts each way in          %6d s
    accepted by the API        %6d
    shown at the phone         %6d
    duplicates at the phone    %6d
    sent by the phone          %6d
    received events            %6d
    events                     %6d
    deliveries                 %6d
    retry receipts sent        %6d
    retry receipts received    %6d
    defects                    %6s
    """
        .formatted(
            sentFor.toSeconds(),
            out.size(),
            shown().size(),
            phones.stats(friend).getInteger("duplicate"),
            in.size(),
            received().size(),
            webhooks.events(number.instance()).size(),
            webhooks.deliveries(number.instance()).size(),
            device().getInteger("retry_receipts_sent"),
            device().getInteger("retry_receipts_received"),
            phones.defects(number.msisdn(), number.device()));
  }
}

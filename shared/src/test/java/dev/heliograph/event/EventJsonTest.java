package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.heliograph.account.CustomerId;
import dev.heliograph.event.EventData.Contact;
import dev.heliograph.event.EventData.InstanceChanged;
import dev.heliograph.event.EventData.InstanceDeleted;
import dev.heliograph.event.EventData.MessageFailed;
import dev.heliograph.event.EventData.MessageMoved;
import dev.heliograph.event.EventData.MessageReceived;
import dev.heliograph.event.EventData.MessageUnreadable;
import dev.heliograph.event.EventData.QrShown;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Json;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shape that leaves the process is a file beside this test: a change of it is a change. */
class EventJsonTest {
  private static final InstanceId INSTANCE = new InstanceId("inst_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  private static final CustomerId CUSTOMER = new CustomerId("cust_01ARZ3NDEKTSV4RRFFQ69G5FAW");
  private static final Instant NOW = Instant.parse("2026-05-01T12:34:56.7891Z");
  private static final PhoneNumber NUMBER = new PhoneNumber("6281100000000");
  private static final MessageId MESSAGE = new MessageId("msg_01ARZ3NDEKTSV4RRFFQ69G5FAX");
  private static final Contact JANE =
      new Contact(new PhoneNumber("14155550123"), "98765432101234@lid", "Jane \"J\" Doe");
  private static final Contact STRANGER = new Contact(null, "98765432101234@lid", null);

  static Stream<Event> events() {
    return Stream.of(
        event(EventType.INSTANCE_QR, new QrShown("2@abc,def", NOW.plusSeconds(20))),
        event(EventType.INSTANCE_CONNECTING, changed(InstanceStatus.CONNECTING, null, null, null)),
        event(
            EventType.INSTANCE_CONNECTED,
            changed(InstanceStatus.CONNECTED, null, NUMBER, "12345678901234@lid")),
        event(
            EventType.INSTANCE_DISCONNECTED,
            changed(
                InstanceStatus.DISCONNECTED,
                StatusReason.CONNECTION_LOST,
                NUMBER,
                "12345678901234@lid")),
        event(
            EventType.INSTANCE_FAILED,
            changed(InstanceStatus.FAILED, StatusReason.LOGGED_OUT, null, null)),
        event(
            EventType.INSTANCE_PENDING,
            changed(InstanceStatus.PENDING, StatusReason.QR_TIMEOUT, null, null)),
        event(EventType.INSTANCE_DELETED, new InstanceDeleted(true)),
        event(
            EventType.MESSAGE_RECEIVED,
            new MessageReceived(
                MESSAGE,
                JANE,
                "98765432101234@lid",
                Instant.parse("2026-05-01T12:34:55Z"),
                new MessageBody.Text("Grüße\n👋"))),
        event(EventType.MESSAGE_SENT, new MessageMoved(MESSAGE, "order-17", JANE, NOW)),
        event(EventType.MESSAGE_DELIVERED, new MessageMoved(MESSAGE, null, JANE, NOW)),
        event(EventType.MESSAGE_READ, new MessageMoved(MESSAGE, null, STRANGER, NOW)),
        event(
            EventType.MESSAGE_FAILED,
            new MessageFailed(MESSAGE, "order-17", JANE, NOW, Message.OUTCOME_UNKNOWN)),
        event(
            EventType.MESSAGE_UNDECRYPTABLE,
            new MessageUnreadable(MESSAGE, STRANGER, "98765432101234@lid", NOW, "no_session")),
        event(
            EventType.MESSAGE_UNSUPPORTED,
            new MessageUnreadable(MESSAGE, JANE, "98765432101234@lid", NOW, "too_big")));
  }

  @ParameterizedTest
  @MethodSource("events")
  void itIsWrittenAsItsGoldenFileHasIt(Event event) throws Exception {
    String golden = golden(event.type().wire());

    // Read and written again, the file loses its white space, and keeps its order.
    assertThat(EventJson.write(event)).isEqualTo(Json.write(Json.read(golden)));
  }

  @Test
  void noTypeIsWithoutItsGoldenFile() {
    assertThat(events().map(Event::type))
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(EventType.values()));
  }

  @ParameterizedTest
  @MethodSource("events")
  void itsTypeReadsBack(Event event) {
    assertThat(EventType.parse(event.type().wire())).contains(event.type());
  }

  @ParameterizedTest
  @MethodSource("events")
  void nothingPersonalIsPrinted(Event event) {
    assertThat(event.toString())
        .doesNotContain("1415", "62811", "@lid", "Jane", "Grüße", "2@abc", "order-17");
  }

  @Test
  void anEventHasTheDataOfItsType() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> event(EventType.INSTANCE_DELETED, new QrShown("raw", NOW)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                event(
                    EventType.INSTANCE_CONNECTED,
                    changed(InstanceStatus.FAILED, null, null, null)));
  }

  private static InstanceChanged changed(
      InstanceStatus status,
      @Nullable StatusReason reason,
      @Nullable PhoneNumber number,
      @Nullable String lid) {
    return new InstanceChanged(status, reason, number, lid);
  }

  private static Event event(EventType type, EventData data) {
    return new Event(
        new EventId("evt_01ARZ3NDEKTSV4RRFFQ69G5FAY"), type, NOW, INSTANCE, CUSTOMER, 7, data);
  }

  private static String golden(String name) throws IOException {
    try (var in = EventJsonTest.class.getResourceAsStream(name + ".json")) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

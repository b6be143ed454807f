package dev.heliograph.whatsapp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.Shape;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.Phone;
import dev.heliograph.whatsapp.signal.MapRecords;
import dev.heliograph.whatsapp.signal.PreKeys;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptsTest {
  private static final Jid PEER = Jid.lid("555").withDevice(3);

  private final SplittableRandom random = new SplittableRandom(1);
  private final Credentials credentials = Phone.paired(random);

  @Test
  void aDeliveredMessageIsReceiptedToItsSender() {
    assertThat(Shape.of(Receipts.delivered(message(from(PEER)))))
        .isEqualTo("<receipt id='3EB0AA' to=555:3@lid/>");
    assertThat(
            Shape.of(Receipts.delivered(message(from(Jid.group("1")).with("participant", PEER)))))
        .isEqualTo("<receipt id='3EB0AA' to=1@g.us participant=555:3@lid/>");
  }

  @Test
  void ourOwnDevicesGetReceiptsOfTheirKind() {
    assertThat(
            Shape.of(
                Receipts.delivered(
                    message(from(Phone.LID.bare()).with("recipient", Jid.lid("555"))))))
        .isEqualTo("<receipt id='3EB0AA' to=1234@lid recipient=555@lid type='sender'/>");
    InboundMessage peer = message(from(Phone.LID.bare()).with("category", "peer"));
    assertThat(Shape.of(Receipts.delivered(peer)))
        .isEqualTo("<receipt id='3EB0AA' to=1234@lid type='peer_msg'/>");
    assertThat(Shape.of(Receipts.historySync(peer, credentials.account())))
        .isEqualTo("<receipt id='3EB0AA' to=5511999@s.whatsapp.net type='hist_sync'/>");
  }

  @Test
  void severalMessagesAreReadAtOnce() {
    Instant now = Instant.ofEpochSecond(1_700_000_001);

    assertThat(Shape.of(Receipts.read(List.of("A"), Jid.lid("555"), PEER, now)))
        .isEqualTo("<receipt id='A' type='read' to=555@lid t='1700000001'/>");
    assertThat(Shape.of(Receipts.read(List.of("A", "B", "C"), Jid.group("1"), PEER, now)))
        .isEqualTo(
            "<receipt id='A' type='read' to=1@g.us t='1700000001' participant=555:3@lid>"
                + "<list><item id='B'/><item id='C'/></></>");
  }

  @Test
  void aMessageIsAskedForAgain() {
    String registration = "%08x".formatted(credentials.registrationId());

    assertThat(Shape.of(Receipts.retry(message(from(PEER)), 1, credentials)))
        .isEqualTo(
            "<receipt id='3EB0AA' to=555:3@lid type='retry'>"
                + "<retry count='1' id='3EB0AA' t='1700000000' v='1'/>"
                + "<registration>%s</></>".formatted(registration));
    Node withKeys =
        Receipts.retry(
            message(from(Phone.LID.bare()).with("category", "peer")),
            2,
            credentials,
            new PreKeys(new MapRecords(), random).give());
    assertThat(Shape.of(withKeys))
        .matches(
            "<receipt id='3EB0AA' to=1234@lid category='peer' type='retry'>"
                + "<retry count='2' id='3EB0AA' t='1700000000' v='1'/>"
                + "<registration>%s</>".formatted(registration)
                + "<keys><type>05</><identity>32 B</>"
                + "<key><id>000001</><value>32 B</></>"
                + "<skey><id>000001</><value>32 B</><signature>64 B</></>"
                + "<device-identity>\\d+ B</></></>");
  }

  @ParameterizedTest
  @CsvSource({
    "inactive, INACTIVE",
    "read, READ",
    "played, PLAYED",
    "read-self, READ_SELF",
    "played-self, PLAYED_SELF",
    "sender, SENDER",
    "retry, RETRY",
    "peer_msg, PEER_MESSAGE",
    "hist_sync, HISTORY_SYNC",
    "server-error, SERVER_ERROR",
    "of a new kind, OTHER"
  })
  void aReceiptHasAType(String text, ReceiptType type) {
    assertThat(Receipt.parse(receipt().with("type", text)).type()).isEqualTo(type);
    assertThat(Receipt.parse(receipt()).type()).isEqualTo(ReceiptType.DELIVERED);
  }

  @Test
  void aReceiptMayBeForManyMessages() {
    Receipt receipt =
        Receipt.parse(
            receipt()
                .with("t", "1700000000")
                .with(
                    Node.of("list")
                        .with(Node.of("item").with("id", "B"), Node.of("item").with("id", "A"))));

    assertThat(receipt.messageIds()).containsExactly("A", "B");
    assertThat(receipt.from()).isEqualTo(Jid.lid("555"));
    assertThat(receipt.time()).contains(Instant.ofEpochSecond(1_700_000_000));
    assertThat(receipt.readers()).isEmpty();
  }

  @Test
  void aGroupsReceiptNamesItsReaders() {
    Node group = receipt().with("from", Jid.group("1"));
    assertThat(Receipt.parse(group.with("participant", PEER)).readers()).containsExactly(PEER);

    Receipt together =
        Receipt.parse(
            group.with(
                Node.of("participants")
                    .with("key", "M")
                    .with(
                        Node.of("user").with("jid", PEER).with("t", "1"),
                        Node.of("user").with("jid", Jid.lid("6")))));
    assertThat(together.messageIds()).containsExactly("M");
    assertThat(together.readers()).containsExactly(PEER, Jid.lid("6"));
  }

  @Test
  void anAckSettlesAMessageOrNot() {
    Node ack =
        Node.of("ack")
            .with("class", "message")
            .with("id", "3EB0AA")
            .with("from", Jid.lid("555"))
            .with("t", "1700000000");

    assertThat(ServerAck.is(ack)).isTrue();
    assertThat(ServerAck.is(ack.with("class", "receipt"))).isFalse();
    assertThat(ServerAck.parse(ack))
        .isEqualTo(new ServerAck("3EB0AA", Optional.of(Instant.ofEpochSecond(1_700_000_000)), 0));
    assertThat(verdict(ack)).isEqualTo(ServerAck.Verdict.ACCEPTED);
    for (int code : new int[] {408, 429, 500, 503}) {
      assertThat(verdict(ack.with("error", code))).isEqualTo(ServerAck.Verdict.TRY_AGAIN);
    }
    assertThat(verdict(ack.with("error", 479))).isEqualTo(ServerAck.Verdict.STALE_DEVICES);
    for (int code : new int[] {463, 475, 400}) {
      assertThat(verdict(ack.with("error", code))).isEqualTo(ServerAck.Verdict.REFUSED);
    }
  }

  @Test
  void whatIsNoReceiptIsAProtocolError() {
    assertThatThrownBy(() -> Receipt.parse(Node.of("receipt").with("id", "1")))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> RetryRequest.parse(receipt().with("type", "retry")))
        .isInstanceOf(ProtocolException.class);
  }

  private static ServerAck.Verdict verdict(Node ack) {
    return ServerAck.parse(ack).verdict();
  }

  private InboundMessage message(Node stanza) {
    return InboundMessage.parse(stanza, credentials.account());
  }

  private static Node from(Jid from) {
    return Node.of("message").with("from", from).with("id", "3EB0AA").with("t", "1700000000");
  }

  private static Node receipt() {
    return Node.of("receipt").with("from", Jid.lid("555")).with("id", "A");
  }
}

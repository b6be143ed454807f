package dev.heliograph.whatsapp.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.Node.Text;
import dev.heliograph.whatsapp.Node.Value;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.Pairing;
import dev.heliograph.whatsapp.auth.Phone;
import dev.heliograph.whatsapp.binary.NodeEncoder;
import dev.heliograph.whatsapp.device.Devices;
import dev.heliograph.whatsapp.device.Lids;
import dev.heliograph.whatsapp.device.PreKeyBundles;
import dev.heliograph.whatsapp.signal.Device;
import dev.heliograph.whatsapp.stream.Acks;
import dev.heliograph.whatsapp.stream.Ending;
import dev.heliograph.whatsapp.stream.Info;
import dev.heliograph.whatsapp.stream.Iqs;
import dev.heliograph.whatsapp.stream.Notification;
import dev.heliograph.whatsapp.stream.Success;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever a stanza is made of, reading it gives a value or a protocol error. */
class HostileStanzasTest {
  private static final Jid LID = Jid.lid("555");
  private static final Jid PN = Jid.pn("4930");

  private final Random random = new Random(1);
  private final Credentials credentials = Phone.paired(random);
  private final Device peer = Device.create(LID, random);

  private final List<Consumer<Node>> readers =
      List.of(
          node -> InboundMessage.parse(node, credentials.account()),
          Receipt::parse,
          RetryRequest::parse,
          ServerAck::parse,
          Ending::find,
          Info::find,
          Notification::parse,
          Success::parse,
          Lids::in,
          Iqs::preKeyCount,
          node -> Devices.parse(node, List.of(PN)),
          node -> Devices.parse(node, List.of(PN, LID)),
          node -> PreKeyBundles.parse(node, List.of(LID)),
          node -> Pairing.codes(node, credentials),
          node -> Pairing.success(node, credentials),
          Acks::of);

  @Test
  void readingGivesAValueOrAProtocolError() {
    int understood = 0;
    for (int i = 0; i < 4_000; i++) {
      Node changed = genuine(i);
      for (int changes = random.nextInt(4); changes > 0; changes--) changed = changed(changed);
      for (Consumer<Node> reader : readers) {
        try {
          reader.accept(changed);
          understood++;
        } catch (ProtocolException refused) {
          assertThat(refused.getMessage()).doesNotContain("555").doesNotContain("4930");
        }
      }
    }
    assertThat(understood).isGreaterThan(20_000);
  }

  @Test
  void whatIsAnsweredHasRoomOnTheWire() {
    int answered = 0;
    for (int i = 0; i < 4_000; i++) {
      Node changed = genuine(i);
      for (int changes = random.nextInt(4); changes > 0; changes--) changed = changed(changed);
      if (random.nextInt(20) == 0) changed = changed.with("recipient", "9".repeat(1 << 20));

      for (Node answer : answers(changed)) {
        assertThat(answer.attr("id")).isEqualTo(changed.attr("id"));
        assertThat(NodeEncoder.encode(answer)).hasSizeLessThan(10_000);
        answered++;
      }
    }
    assertThat(answered).isGreaterThan(3_000);
  }

  /** All that the session could say to a stanza. */
  private List<Node> answers(Node stanza) {
    List<Node> answers = new ArrayList<>();
    Acks.of(stanza).ifPresent(answers::add);
    Acks.of(stanza, Acks.UNKNOWN_STANZA).ifPresent(answers::add);
    try {
      InboundMessage message = InboundMessage.parse(stanza, credentials.account());
      answers.add(Receipts.delivered(message));
      answers.add(Receipts.retry(message, 1, credentials));
    } catch (ProtocolException noMessage) {
      // The ack is all that it gets.
    }
    return answers;
  }

  private Node genuine(int which) {
    return switch (which % 9) {
      case 0 ->
          Node.of("message")
              .with("from", LID.withDevice(2))
              .with("sender_pn", PN)
              .with("recipient", PN)
              .with("participant", LID)
              .with("id", "1")
              .with("t", "1700000000")
              .with("category", "peer")
              .with(Node.of("enc").with("type", "msg").with("count", "1").with(new byte[20]));
      case 1 ->
          Node.of("receipt")
              .with("from", LID)
              .with("id", "1")
              .with("type", "retry")
              .with("t", "1")
              .with(
                  Node.of("retry").with("count", "1"),
                  Iqs.registration(peer.credentials()),
                  Node.of("keys").with(bundle()),
                  Node.of("list").with(Node.of("item").with("id", "2")));
      case 2 ->
          Node.of("ack").with("class", "message").with("id", "1").with("t", "1").with("error", 1);
      case 3 ->
          Node.of("stream:error")
              .with("code", "401")
              .with(Node.of("conflict").with("type", "device_removed"));
      case 4 ->
          Node.of("notification")
              .with("id", "1")
              .with("from", LID)
              .with("lid", LID)
              .with("type", "encrypt")
              .with(
                  Node.of("count").with("value", "1"),
                  Node.of("add").with(Node.of("device").with("jid", PN).with("lid", LID)));
      case 5 ->
          Node.of("iq")
              .with(
                  Node.of("usync")
                      .with(
                          Node.of("list")
                              .with(
                                  Node.of("user")
                                      .with("jid", PN)
                                      .with(
                                          Node.of("contact").with("type", "in").withText("+4930"),
                                          Node.of("lid").with("val", LID),
                                          Node.of("devices")
                                              .with(
                                                  Node.of("device-list")
                                                      .with(
                                                          Node.of("device")
                                                              .with("id", "3")
                                                              .with("key-index", "1")))))));
      case 6 ->
          Node.of("iq").with(Node.of("list").with(Node.of("user").with("jid", LID).with(bundle())));
      case 7 -> Node.of("iq").with("id", "1").with(Node.of("pair-device").with(Node.of("ref")));
      default ->
          Node.of("ib").with(Node.of("offline_preview").with("count", "1"), Node.of("count"));
    };
  }

  private Node[] bundle() {
    return new Node[] {
      Iqs.registration(peer.credentials()),
      Iqs.type(),
      Iqs.identity(peer.credentials()),
      Iqs.signedPreKey(peer.credentials().signedPreKey())
    };
  }

  /** The node with one thing in it changed, or in one of its children. */
  private Node changed(Node node) {
    List<Node> children = new ArrayList<>(node.children());
    if (!children.isEmpty() && random.nextInt(3) > 0) {
      int which = random.nextInt(children.size());
      if (random.nextInt(6) == 0) children.remove(which);
      else children.set(which, changed(children.get(which)));
      return node.with(children);
    }
    List<String> names = new ArrayList<>(node.attributes().keySet());
    if (names.isEmpty() || random.nextInt(4) == 0) return node.with(noise());
    return node.with(names.get(random.nextInt(names.size())), value());
  }

  private Value value() {
    return switch (random.nextInt(7)) {
      case 0 -> new Text("");
      case 1 -> new Text("-1");
      case 2 -> new Text("99999999999999999999");
      case 3 -> new Text("4000000000");
      case 4 -> Jid.WHATSAPP;
      case 5 -> Jid.group("1");
      default -> new Text("x@y@z:9");
    };
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(40)];
    random.nextBytes(noise);
    return noise;
  }
}

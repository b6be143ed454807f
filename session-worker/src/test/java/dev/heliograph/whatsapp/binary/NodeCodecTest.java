package dev.heliograph.whatsapp.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.Node.Text;
import dev.heliograph.whatsapp.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void anyNodeComesBackAsItWas() {
    SplittableRandom random = new SplittableRandom(1);
    RandomNodes nodes = new RandomNodes(random);
    for (int i = 0; i < 3_000; i++) {
      Node node = nodes.node();

      assertThat(NodeDecoder.decode(NodeEncoder.encode(node))).isEqualTo(node);
    }
  }

  @Test
  void randomBytesAreANodeOrAProtocolError() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      // Most random bytes fail at once unless they begin as a node does.
      if (bytes.length > 2 && random.nextBoolean()) {
        bytes[0] = 0;
        bytes[1] = (byte) Tags.LIST_8;
      }
      decodeOrRefuse(bytes);
    }
  }

  @Test
  void cutAndChangedNodesAreANodeOrAProtocolError() {
    SplittableRandom random = new SplittableRandom(3);
    RandomNodes nodes = new RandomNodes(random);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = NodeEncoder.encode(nodes.node());
      int cut = random.nextInt(bytes.length);
      byte[] shortened = Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> NodeDecoder.decode(shortened)).isInstanceOf(ProtocolException.class);
      for (int j = 0; j < 20; j++) {
        byte[] changed = bytes.clone();
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        decodeOrRefuse(changed);
      }
    }
  }

  @Test
  void aKnownNodeIsTheseBytes() {
    Node node =
        Node.of("iq")
            .with("to", Jid.WHATSAPP)
            .with("id", "129876")
            .with("from", Jid.lid("1234").withDevice(7))
            .with(new byte[] {9});

    byte[] bytes = NodeEncoder.encode(node);

    assertThat(HEX.formatHex(bytes))
        .isEqualTo(
            "00" // not compressed
                + "f808" // 8 items: the tag, three attributes, content
                + single("iq")
                + (single("to") + "fa00" + single("s.whatsapp.net"))
                + (single("id") + "ff03129876")
                + (single("from") + "f70107" + "ff021234")
                + "fc0109");
  }

  @Test
  void packedTextsOfOddLengthAreFilledUp() {
    assertThat(HEX.formatHex(NodeEncoder.encode(Node.of("x-1").with("0-1.", "AB1"))))
        .isEqualTo("00f803" + "fc03782d31" + "ff020a1b" + "fb82ab1f");
  }

  @Test
  void aDeviceOnAServerThatWeDoNotKnowIsAText() {
    // <a b=JID_PAIR("1", "x.y")/>
    Node node = NodeDecoder.decode(HEX.parseHex("00f803fc0161fc0162faff811ffc03782e79"));

    assertThat(node.value("b")).contains(new Text("1@x.y"));
  }

  @Test
  void anAgentOfOldIsItsNumber() {
    // <a b=DEVICE_JID(domain 17, device 3, "12")/>
    Node node = NodeDecoder.decode(HEX.parseHex("00f803fc0161fc0162f71103ff0112"));

    assertThat(node.requireJid("b")).isEqualTo(Jid.pn("12").withDevice(3));
  }

  @Test
  void interopAndMessengerAddressesAreRead() {
    Node interop =
        NodeDecoder.decode(
            HEX.parseHex("00f803fc0161fc0162f5ff01120003" + "0005" + "fc07696e7465726f70"));
    Node messenger = NodeDecoder.decode(HEX.parseHex("00f803fc0161fc0162f6ff01120003fc046d736772"));

    assertThat(interop.requireJid("b")).isEqualTo(new Jid("5-12", 3, Server.INTEROP));
    assertThat(messenger.requireJid("b")).isEqualTo(new Jid("12", 3, Server.MESSENGER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f6ff0112012c" + "fc0e732e77686174736170702e6e6574", // messenger, device 300, a number
        "f5ff0112012c0005" + "fc036c6964", // interop, device 300, a LID
        "fafc056162632d31fc07696e7465726f70", // a pair: abc-1 at interop
        "faff0499999a12fc07696e7465726f70", // a pair: 99999-12, an integrator beyond two bytes
      })
  void anAddressThatWeCouldNotWriteIsAText(String address) {
    Node node = NodeDecoder.decode(HEX.parseHex("00f803fc0161fc0162" + address));

    assertThat(node.value("b")).containsInstanceOf(Text.class);
    NodeEncoder.encode(node);
  }

  @Test
  void contentThatIsATokenIsItsText() {
    // <a>1</a> with the content as packed digits, and as the token "iq"
    assertThat(NodeDecoder.decode(HEX.parseHex("00f802fc0161ff811f")).requireText()).isEqualTo("1");
    assertThat(NodeDecoder.decode(HEX.parseHex("00f802fc0161" + single("iq"))).requireText())
        .isEqualTo("iq");
  }

  @Test
  void theTopHalfByteOfAMediumLengthIsIgnored() {
    assertThat(NodeDecoder.decode(HEX.parseHex("00f802fc0161fdf0000109")).requireBytes())
        .isEqualTo(ByteString.copyFrom(new byte[] {9}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"02", "0002", "00f801" + "02"})
  void theEndOfTheStreamIsANodeInEachOfItsForms(String hex) {
    assertThat(NodeDecoder.decode(HEX.parseHex(hex)).tag()).isEqualTo("xmlstreamend");
  }

  @Test
  void aCompressedNodeIsReadLikeAnyOther() {
    Node node = Node.of("message").with(new byte[1000]);

    assertThat(NodeDecoder.decode(compressed(NodeEncoder.encode(node), 1))).isEqualTo(node);
  }

  @Test
  void whatInflatesToTooMuchIsRefused() {
    byte[] bomb = compressed(new byte[64 << 20], 0);

    assertThat(bomb.length).isLessThan(100_000);
    assertThatThrownBy(() -> NodeDecoder.decode(bomb)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void whatIsNestedTooDeeplyIsRefused() {
    // <a><a><a>… : each is a list of a tag and of one child.
    byte[] level = HEX.parseHex("f802fc0161f801");
    ByteArrayOutputStream deep = new ByteArrayOutputStream();
    deep.write(0);
    for (int i = 0; i < 100_000; i++) deep.writeBytes(level);

    assertThatThrownBy(() -> NodeDecoder.decode(deep.toByteArray()))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("deeply");
  }

  @Test
  void tooManyNodesInAFrameAreRefused() {
    byte[] child = HEX.parseHex("f801" + single("iq"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEX.parseHex("00f802" + single("iq") + "f90020"));
    for (int i = 0; i < 32; i++) {
      out.writeBytes(HEX.parseHex("f802" + single("iq") + "f9ffff"));
      for (int j = 0; j < 0xFFFF; j++) out.writeBytes(child);
    }

    assertThatThrownBy(() -> NodeDecoder.decode(out.toByteArray()))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("too many");
  }

  @Test
  void theDictionaryIsTheVersionThatTheIntroNames() {
    assertThat(Tokens.VERSION).isEqualTo(3);
  }

  private static void decodeOrRefuse(byte[] bytes) {
    Node node;
    try {
      node = NodeDecoder.decode(bytes);
    } catch (ProtocolException refused) {
      assertThat(refused).hasMessageNotContaining("null");
      return;
    }
    // What is answered repeats what came.
    assertThat(NodeDecoder.decode(NodeEncoder.encode(node)).tag()).isEqualTo(node.tag());
  }

  private static String single(String word) {
    return HEX.toHexDigits((byte) Objects.requireNonNull(Tokens.find(word)).index());
  }

  private static byte[] compressed(byte[] bytes, int from) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(bytes, from, bytes.length - from);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(2);
      byte[] part = new byte[8192];
      while (!deflater.finished()) out.write(part, 0, deflater.deflate(part));
      return out.toByteArray();
    }
  }
}

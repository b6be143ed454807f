package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.sandbox.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCodecTest {
  private static Node decode(String hex) {
    return NodeDecoder.decode(HexFormat.of().parseHex(hex));
  }

  private static Node roundTrip(Node node) {
    return NodeDecoder.decode(NodeEncoder.encode(node));
  }

  @Test
  void wordsOfTheDictionaryTakeOneByteOrTwo() {
    byte[] encoded = NodeEncoder.encode(Node.of("iq").with("type", "result"));

    // flag, list of 3, three words
    assertThat(encoded).hasSize(6).startsWith(0, 0xf8, 3);
    assertThat(NodeDecoder.decode(encoded).requireText("type")).isEqualTo("result");
  }

  @Test
  void packedDigitsAndHexAreRead() {
    // <iq id="12-.3" from="AB1">, packed as nibbles and as hex, both of odd length
    Node node =
        decode("00" + "f805" + tag("iq") + tag("id") + "ff8312ab3f" + tag("from") + "fb82ab1f");

    assertThat(node.requireText("id")).isEqualTo("12-.3");
    assertThat(node.requireText("from")).isEqualTo("AB1");
  }

  private static String tag(String word) {
    byte[] token = Tokens.find(word);
    assertThat(token).isNotNull();
    return HexFormat.of().formatHex(token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "15551234567@s.whatsapp.net",
        "15551234567:7@s.whatsapp.net",
        "123456789:12@lid",
        "123456789@lid",
        "123:99@hosted",
        "123:99@hosted.lid",
        "1234@g.us",
        "s.whatsapp.net",
        "12@newsletter",
        "34@bot"
      })
  void jidsOfEveryKindComeBack(String text) {
    Node node = roundTrip(Node.of("iq").with("to", Jid.parse(text)));

    assertThat(node.requireJid("to")).isEqualTo(Jid.parse(text));
    assertThat(node.value("to").orElseThrow()).isInstanceOf(Jid.class);
    assertThat(node.requireText("to")).isEqualTo(text);
  }

  @Test
  void messengerAndInteropJidsAreRead() {
    Node messenger =
        decode("00f803" + tag("iq") + tag("to") + "f6" + "fc0131" + "0002" + "fc046d736772");
    Node interop =
        decode(
            "00f803"
                + tag("iq")
                + tag("to")
                + "f5"
                + "fc0131"
                + "0002"
                + "0005"
                + "fc07696e7465726f70");

    assertThat(messenger.requireText("to")).isEqualTo("1:2@msgr");
    assertThat(interop.requireText("to")).isEqualTo("5-1:2@interop");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 65_535, 1 << 20, (1 << 20) + 1})
  void contentOfAnyLengthComesBack(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);

    assertThat(roundTrip(Node.of("enc", content)).bytes()).isEqualTo(content);
  }

  @Test
  void manyChildrenComeBack() {
    List<Node> children =
        IntStream.range(0, 1000).mapToObj(i -> Node.of("item").with("id", i)).toList();

    Node list = roundTrip(Node.of("list", children));

    assertThat(list.children("item")).hasSize(1000);
    assertThat(list.children().getLast().requireText("id")).isEqualTo("999");
  }

  @Test
  void contentThatIsAWordIsText() {
    assertThat(decode("00f802" + tag("iq") + tag("result")).contentText()).isEqualTo("result");
  }

  @Test
  void compressedNodesAreRead() throws IOException {
    byte[] plain = NodeEncoder.encode(Node.of("iq").with("id", "abc"));
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    zlib.write(2);
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(zlib)) {
      deflater.write(plain, 1, plain.length - 1);
    }

    assertThat(NodeDecoder.decode(zlib.toByteArray()).requireText("id")).isEqualTo("abc");
  }

  @Test
  void aBombDoesNotGoOff() throws IOException {
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    zlib.write(2);
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(zlib)) {
      deflater.write(new byte[32 << 20]);
    }

    assertThatThrownBy(() -> NodeDecoder.decode(zlib.toByteArray()))
        .isInstanceOf(MalformedStanzaException.class);
  }

  @Test
  void nestingHasAnEnd() {
    byte[] nested = {0};
    byte[] level = HexFormat.of().parseHex("f802" + tag("iq") + "f801");
    for (int i = 0; i < 1000; i++) {
      nested = Bytes.concat(nested, level);
    }
    byte[] hostile = nested;

    assertThatThrownBy(() -> NodeDecoder.decode(hostile))
        .isInstanceOf(MalformedStanzaException.class);
  }

  @Test
  void everyCutAndEveryFlipOfANodeIsReadOrRefused() {
    byte[] encoded =
        NodeEncoder.encode(
            Node.of("message", Node.of("enc", new byte[300]).with("v", "2"), Node.of("meta"))
                .with("id", "3EB0ABCDEF")
                .with("to", Jid.parse("123456789:12@lid"))
                .with("notify", "Ada"));
    for (int at = 0; at < encoded.length; at++) {
      readOrRefuse(Arrays.copyOf(encoded, at));
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = encoded.clone();
        flipped[at] ^= (byte) (1 << bit);
        readOrRefuse(flipped);
      }
    }
  }

  @Test
  void randomBytesAreReadOrRefused() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      readOrRefuse(bytes);
    }
  }

  /** Any other exception fails the test. */
  private static void readOrRefuse(byte[] bytes) {
    try {
      assertThat(NodeDecoder.decode(bytes).tag()).isNotNull();
    } catch (MalformedStanzaException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  @Test
  void nothingPersonalIsInAText() {
    Jid jid = Jid.pn("15551234567");

    assertThat(Node.of("message", new byte[] {65}).with("to", jid).toString())
        .isEqualTo("<message>");
    assertThat(jid.toString()).doesNotContain("1555");
  }
}

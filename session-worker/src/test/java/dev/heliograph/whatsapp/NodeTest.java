package dev.heliograph.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NodeTest {
  private static final Node NODE =
      Node.of("iq")
          .with("id", "secret-id")
          .with("to", Jid.lid("123456").withDevice(2))
          .with("count", 17)
          .with(Node.of("a"), Node.of("b").withText("secret text"));

  @Test
  void gettersFindWhatIsThere() {
    assertThat(NODE.requireAttr("id")).isEqualTo("secret-id");
    assertThat(NODE.requireJid("to")).isEqualTo(Jid.lid("123456").withDevice(2));
    assertThat(NODE.requireNumber("count")).isEqualTo(17);
    assertThat(NODE.requireChild("b").requireText()).isEqualTo("secret text");
    assertThat(NODE.attributes()).containsOnlyKeys("id", "to", "count");
  }

  @Test
  void anAddressThatCameAsATextIsAnAddress() {
    assertThat(Node.of("iq").with("from", "s.whatsapp.net").requireJid("from"))
        .isEqualTo(Jid.WHATSAPP);
  }

  @Test
  void whatIsNotThereIsAProtocolError() {
    assertThatThrownBy(() -> NODE.requireAttr("x")).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> NODE.requireChild("x")).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(NODE::requireBytes).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> NODE.requireNumber("id")).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> NODE.requireJid("id")).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> NODE.requireChild("b").requireId(3))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void idsAreUnsignedAndBigEndian() {
    assertThat(Node.of("id").with(new byte[] {1, 2, (byte) 0xFF}).requireId(3)).isEqualTo(0x0102FF);
  }

  @Test
  void itsToStringAndItsErrorsTellTheShapeAlone() {
    assertThat(NODE.toString()).isEqualTo("Node[iq, attributes=3, children=2]");
    assertThat(NODE.requireChild("b").content().toString()).isEqualTo("Bytes[size=11]");
    assertThat(NODE.value("id").orElseThrow().toString()).doesNotContain("secret");
    assertThatThrownBy(() -> NODE.requireNumber("id")).message().doesNotContain("secret");
    assertThatThrownBy(() -> NODE.requireJid("id")).message().doesNotContain("secret");
  }
}

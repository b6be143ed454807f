package dev.heliograph.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.Jid.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JidTest {
  @ParameterizedTest
  @CsvSource({
    "5511999@s.whatsapp.net, 5511999, 0, PN",
    "5511999:7@s.whatsapp.net, 5511999, 7, PN",
    "1234:7@lid, 1234, 7, LID",
    "1234:99@hosted.lid, 1234, 99, HOSTED_LID",
    "120363000000000000@g.us, 120363000000000000, 0, GROUP",
    "5511999-1600000000@g.us, 5511999-1600000000, 0, GROUP",
    "status@broadcast, status, 0, BROADCAST",
    "12-555:3@interop, 12-555, 3, INTEROP"
  })
  void aTextIsReadAndWrittenBack(String text, String user, int device, Server server) {
    Jid jid = Jid.parse(text);

    assertThat(jid).isEqualTo(new Jid(user, device, server));
    assertThat(jid.text()).isEqualTo(text);
  }

  @Test
  void aServerAloneIsAnAddressToo() {
    assertThat(Jid.parse("s.whatsapp.net")).isEqualTo(Jid.WHATSAPP);
    assertThat(Jid.parse("@g.us").text()).isEqualTo("g.us");
  }

  @Test
  void theLegacyServerOfNumbersIsTheirServer() {
    assertThat(Jid.parse("5511999@c.us")).isEqualTo(Jid.pn("5511999"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5511999",
        "1@example.org",
        "1:x@lid",
        "1:@lid",
        "1:65536@lid",
        "1:-1@lid",
        "1:2:3@lid",
        "1@2@lid",
        "1_1@s.whatsapp.net",
        "1 2@lid",
        "1#2@lid"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThat(Jid.find(text)).isEmpty();
    assertThatThrownBy(() -> Jid.parse(text)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void signalKnowsNumbersAndLidsByDifferentNames() {
    assertThat(Jid.pn("1").signalName()).isEqualTo("1");
    assertThat(Jid.lid("1").signalName()).isEqualTo("1_1");
    assertThat(new Jid("1", 99, Server.HOSTED).signalName()).isEqualTo("1_128");
    assertThat(new Jid("1", 99, Server.HOSTED_LID).signalName()).isEqualTo("1_129");
  }

  @Test
  void itsToStringHidesTheUser() {
    assertThat(Jid.lid("123456").withDevice(7).toString())
        .isEqualTo("Jid[LID, device=7]")
        .doesNotContain("123456");
  }
}

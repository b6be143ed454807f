package dev.heliograph.whatsapp.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DevicesTest {
  private static final Jid PN = Jid.pn("5511999");
  private static final Jid LID = Jid.lid("123");

  @Test
  void numbersAreAskedForWithTheirContact() {
    assertThat(Shape.of(Devices.query("q1", List.of(PN))))
        .isEqualTo(
            "<iq id='q1' to=s.whatsapp.net type='get' xmlns='usync'>"
                + "<usync sid='q1' mode='query' last='true' index='0' context='interactive'>"
                + "<query><contact/><devices version='2'/><lid/></>"
                + "<list><user jid=5511999@s.whatsapp.net><contact>2b35353131393939</>"
                + "</></></></>");
  }

  @Test
  void lidsAreAskedForByThemselves() {
    assertThat(Shape.of(Devices.query("q1", List.of(LID.withDevice(3)))))
        .isEqualTo(
            "<iq id='q1' to=s.whatsapp.net type='get' xmlns='usync'>"
                + "<usync sid='q1' mode='query' last='true' index='0' context='message'>"
                + "<query><devices version='2'/><lid/></><list><user jid=123@lid/></></></>");
  }

  @Test
  void aNumbersDevicesAreUnderItsLid() {
    Node user = user(PN).with(contact("in"), devices(0, 7), Node.of("lid").with("val", LID));

    assertThat(parse(user, PN))
        .isEqualTo(
            new UserDevices(
                PN, true, Optional.of(PN), Optional.of(LID), List.of(LID, LID.withDevice(7))));
  }

  @Test
  void theNumberIsTheOneThatTheServerReturns() {
    Jid normalized = Jid.pn("551199");
    Node user =
        user(normalized)
            .with(
                Node.of("contact").with("type", "in").withText("+5511999"),
                devices(0),
                Node.of("lid").with("val", LID));
    Node other = user(Jid.pn("1")).with(contact("in"), devices(0));

    List<UserDevices> both = Devices.parse(answer(other, user), List.of(PN, Jid.pn("1")));

    assertThat(both.get(0).pn()).contains(normalized);
    assertThat(both.get(0).address()).contains(LID);
    assertThat(both.get(1).pn()).contains(Jid.pn("1"));
    assertThat(both.get(1).address()).contains(Jid.pn("1"));
  }

  @Test
  void anAnswerByLidNamesTheNumberAside() {
    Node user = user(LID).with("pn_jid", PN).with(contact("in"), devices(0));

    assertThat(parse(user, PN).pn()).contains(PN);
    assertThat(parse(user, PN).lid()).contains(LID);
  }

  @Test
  void onlyWhoIsSaidToBeOutIsNotRegistered() {
    assertThat(parse(user(PN).with(contact("out")), PN)).isEqualTo(UserDevices.unregistered(PN));

    Node other = Node.of("user").with("jid", Jid.pn("999")).with(contact("out"));
    assertThat(Devices.parse(answer(), List.of(PN))).isEmpty();
    assertThat(Devices.parse(answer(user(PN)), List.of(PN))).isEmpty();
    assertThat(Devices.parse(answer(user(PN).with(contact("in"))), List.of(PN))).isEmpty();
    assertThat(Devices.parse(answer(user(PN).with(contact("error"))), List.of(PN))).isEmpty();
    assertThat(Devices.parse(answer(other), List.of(PN))).isEmpty();
  }

  @Test
  void companionsThatTheAccountDidNotSignAreLeftOut() {
    Node list =
        Node.of("devices")
            .with(
                Node.of("device-list")
                    .with(
                        Node.of("device").with("id", "0"),
                        Node.of("device").with("id", "4"),
                        Node.of("device").with("id", "5").with("key-index", "1")));

    assertThat(parse(user(LID).with(list), LID).devices()).containsExactly(LID, LID.withDevice(5));
  }

  @Test
  void whoseNumberHasNoRoomOnTheWireIsLeftOut() {
    Node list =
        Node.of("devices")
            .with(
                Node.of("device-list")
                    .with(
                        Node.of("device").with("id", "0"),
                        Node.of("device").with("id", "300").with("key-index", "1"),
                        Node.of("device").with("id", "-1").with("key-index", "1")));

    assertThat(parse(user(LID).with(list), LID).devices()).containsExactly(LID);
  }

  @Test
  void aHostedDeviceIsOnItsOwnServer() {
    Node list =
        Node.of("devices")
            .with(
                Node.of("device-list")
                    .with(
                        Node.of("device")
                            .with("id", "99")
                            .with("key-index", "1")
                            .with("is_hosted", "true")));

    assertThat(parse(user(LID).with(list), LID).devices())
        .containsExactly(new Jid("123", 99, Server.HOSTED_LID));
  }

  @Test
  void anAnswerThatMakesNoSenseIsAProtocolError() {
    assertThatThrownBy(() -> Devices.parse(Node.of("iq"), List.of(PN)))
        .isInstanceOf(ProtocolException.class);
    Node odd = Node.of("device").with("id", "x").with("key-index", "1");
    assertThatThrownBy(
            () ->
                parse(user(PN).with(Node.of("devices").with(Node.of("device-list").with(odd))), PN))
        .isInstanceOf(ProtocolException.class);
  }

  private static UserDevices parse(Node user, Jid asked) {
    return Devices.parse(answer(user), List.of(asked)).getFirst();
  }

  private static Node answer(Node... users) {
    return Node.of("iq").with(Node.of("usync").with(Node.of("list").with(users)));
  }

  private static Node user(Jid jid) {
    return Node.of("user").with("jid", jid);
  }

  private static Node contact(String type) {
    return Node.of("contact").with("type", type).withText("+1");
  }

  private static Node devices(int... ids) {
    Node list = Node.of("device-list");
    for (int id : ids) {
      Node device = Node.of("device").with("id", id);
      list = list.with(id == 0 ? device : device.with("key-index", "2"));
    }
    return Node.of("devices").with(list);
  }
}

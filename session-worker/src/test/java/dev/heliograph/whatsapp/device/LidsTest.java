package dev.heliograph.whatsapp.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import org.junit.jupiter.api.Test;

class LidsTest {
  private static final Jid PN = Jid.pn("5511999");
  private static final Jid LID = Jid.lid("123");
  private static final LidMapping MAPPING = new LidMapping(PN, LID);

  @Test
  void aMessageTellsTheSendersOtherAddress() {
    Node message = Node.of("message");

    assertThat(Lids.in(message.with("from", LID.withDevice(2)).with("sender_pn", PN)))
        .containsExactly(MAPPING);
    assertThat(Lids.in(message.with("from", PN).with("sender_lid", LID.withDevice(1))))
        .containsExactly(MAPPING);
    assertThat(
            Lids.in(
                message
                    .with("from", Jid.group("1"))
                    .with("participant", LID)
                    .with("participant_pn", PN)))
        .containsExactly(MAPPING);
    assertThat(
            Lids.in(
                message
                    .with("from", Jid.lid("9"))
                    .with("recipient", LID)
                    .with("peer_recipient_pn", PN)))
        .containsExactly(MAPPING);
    assertThat(
            Lids.in(
                message.with("from", new Jid("123", 99, Server.HOSTED_LID)).with("sender_pn", PN)))
        .containsExactly(MAPPING);
  }

  @Test
  void notificationsTellItInLists() {
    Node notification = Node.of("notification").with("from", PN).with("lid", LID);
    assertThat(Lids.in(notification)).containsExactly(MAPPING);

    Node group =
        Node.of("notification")
            .with("from", Jid.group("1"))
            .with(
                Node.of("add")
                    .with(Node.of("participant").with("jid", LID).with("phone_number", PN)));
    assertThat(Lids.in(group)).containsExactly(MAPPING);
    Node devices =
        Node.of("notification")
            .with("from", PN)
            .with(
                Node.of("add")
                    .with(
                        Node.of("device")
                            .with("jid", PN.withDevice(3))
                            .with("lid", LID.withDevice(3))));
    assertThat(Lids.in(devices)).containsExactly(MAPPING);
  }

  @Test
  void whatIsNoAddressTellsNothing() {
    assertThat(
            Lids.in(
                Node.of("message")
                    .with("from", LID)
                    .with("sender_pn", PN)
                    .with("participant", "no address")
                    .with("participant_pn", "x@y")))
        .containsExactly(MAPPING);
  }

  @Test
  void twoAddressesOfAKindAreNoMapping() {
    assertThat(Lids.in(Node.of("message").with("from", PN).with("sender_lid", Jid.pn("1"))))
        .isEmpty();
    assertThat(Lids.in(Node.of("message").with("from", LID))).isEmpty();
  }
}

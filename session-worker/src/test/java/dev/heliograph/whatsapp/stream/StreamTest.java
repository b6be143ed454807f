package dev.heliograph.whatsapp.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.Shape;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.signal.MapRecords;
import dev.heliograph.whatsapp.signal.PreKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTest {
  @ParameterizedTest
  @CsvSource({
    "515, RestartRequired[]",
    "516, LoggedOut[code=516]",
    "503, Unavailable[code=503]",
    "401, Unavailable[code=401]",
    "777, Unavailable[code=777]",
    "x, Unavailable[code=0]"
  })
  void aStreamErrorIsToldByItsCode(String code, String ending) {
    assertThat(ending(Node.of("stream:error").with("code", code))).hasToString(ending);
  }

  @Test
  void aConflictIsToldByItsType() {
    Node error = Node.of("stream:error");
    assertThat(ending(error.with(conflict("replaced")))).isEqualTo(new Ending.Replaced());
    assertThat(ending(error.with("code", "401").with(conflict("device_removed"))))
        .isEqualTo(new Ending.LoggedOut(401));
    assertThat(ending(error.with(conflict("device_removed")))).isEqualTo(new Ending.Refused(0));
    assertThat(ending(error.with("code", "401").with(conflict("of a new kind"))))
        .isEqualTo(new Ending.Refused(401));
  }

  @Test
  void whatWeHaveSentWrongIsToldAsThat() {
    assertThat(ending(Node.of("stream:error").with(Node.of("ack").with("id", "1"))))
        .isEqualTo(new Ending.BadStanza());
    assertThat(ending(Node.of("stream:error").with(Node.of("xml-not-well-formed"))))
        .isEqualTo(new Ending.BadStanza());
  }

  @ParameterizedTest
  @CsvSource({
    "400, Refused[code=400]",
    "401, LoggedOut[code=401]",
    "403, LoggedOut[code=403]",
    "405, ClientOutdated[]",
    "406, Banned[]",
    "409, Refused[code=409]",
    "415, Refused[code=415]",
    "500, Unavailable[code=500]",
    "503, Unavailable[code=503]",
    "999999999999, Refused[code=0]"
  })
  void aFailureIsToldByItsReason(String reason, String ending) {
    assertThat(ending(Node.of("failure").with("reason", reason))).hasToString(ending);
  }

  @Test
  void aTemporaryBanHasAnEnd() {
    Node failure =
        Node.of("failure").with("reason", "402").with("code", "104").with("expire", "3600");

    assertThat(ending(failure)).isEqualTo(new Ending.TemporarilyBanned(104, Duration.ofHours(1)));
  }

  @Test
  void otherNodesAreNoEnding() {
    assertThat(Ending.find(Node.of("message"))).isEmpty();
    assertThat(ending(Node.of("xmlstreamend"))).isEqualTo(new Ending.EndOfStream());
  }

  @Test
  void successTellsTheTimeAndOurLid() {
    Jid lid = Jid.lid("1234").withDevice(7);
    Success success = Success.parse(Node.of("success").with("t", "1700000000").with("lid", lid));

    assertThat(success)
        .isEqualTo(new Success(Instant.ofEpochSecond(1_700_000_000), Optional.of(lid)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "99999999999999"})
  void aTimeThatIsNoneIsAProtocolError(String time) {
    assertThatThrownBy(() -> Success.parse(Node.of("success").with("t", time)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void infoTellsWhatWaitsAndWhenItIsDone() {
    Node ib = Node.of("ib").with("from", Jid.WHATSAPP);

    assertThat(Info.find(ib.with(Node.of("offline_preview").with("count", 7).with("message", 5))))
        .contains(new Info.OfflinePreview(7));
    assertThat(Info.find(ib.with(Node.of("offline").with("count", 7))))
        .contains(new Info.OfflineDone(7));
    assertThat(Info.find(ib.with(Node.of("dirty").with("type", "groups"))))
        .contains(new Info.Other());
    assertThat(Info.find(Node.of("iq"))).isEmpty();
    assertThat(Shape.of(Info.offlineBatch(100))).isEqualTo("<ib><offline_batch count='100'/></>");
  }

  @Test
  void notificationsAreTold() {
    Node encrypt = notification("encrypt");
    assertThat(Notification.parse(encrypt.with(Node.of("count").with("value", 3))))
        .isEqualTo(new Notification.PreKeysLow(3));
    assertThat(
            Notification.parse(
                encrypt.with("from", Jid.lid("5").withDevice(2)).with(Node.of("identity"))))
        .isEqualTo(new Notification.IdentityChanged(Jid.lid("5")));
    assertThat(Notification.parse(notification("devices").with("from", Jid.lid("5"))))
        .isEqualTo(new Notification.DevicesChanged(Jid.lid("5")));
    assertThat(Notification.parse(notification("account_sync").with(Node.of("devices"))))
        .isEqualTo(new Notification.OwnDevicesChanged());
    assertThat(Notification.parse(notification("account_sync").with(Node.of("privacy"))))
        .isEqualTo(new Notification.Other("account_sync"));
    assertThat(Notification.parse(notification("picture")))
        .isEqualTo(new Notification.Other("picture"));
  }

  @Test
  void anAckNamesTheStanza() {
    Node notification =
        notification("w:gp2")
            .with("from", Jid.group("123"))
            .with("participant", Jid.lid("5"))
            .with("t", "1");
    assertThat(Shape.of(Acks.of(notification).orElseThrow()))
        .isEqualTo(
            "<ack class='notification' id='n1' to=123@g.us participant=5@lid type='w:gp2'/>");

    Node message =
        Node.of("message").with("id", "m1").with("from", Jid.lid("5")).with("type", "text");
    assertThat(Shape.of(Acks.of(message).orElseThrow()))
        .isEqualTo("<ack class='message' id='m1' to=5@lid/>");
    assertThat(Shape.of(Acks.of(message, Acks.BAD_PROTOBUF).orElseThrow()))
        .isEqualTo("<ack class='message' id='m1' to=5@lid error='491'/>");
    Node receipt =
        Node.of("receipt").with("id", "r1").with("from", Jid.lid("5")).with("type", "read");
    assertThat(Shape.of(Acks.of(receipt).orElseThrow()))
        .isEqualTo("<ack class='receipt' id='r1' to=5@lid type='read'/>");
  }

  @Test
  void whatNeedsNoAckGetsNone() {
    assertThat(Acks.isDue(notification("picture"))).isTrue();
    for (String tag : new String[] {"ack", "presence", "chatstate", "ib", "iq", "success"}) {
      assertThat(Acks.isDue(Node.of(tag).with("id", "1").with("from", Jid.WHATSAPP))).isFalse();
    }
  }

  @Test
  void whatHasNoIdCannotBeAcked() {
    Node receipt = Node.of("receipt").with("from", Jid.lid("5")).with("type", "retry");
    assertThat(Acks.of(receipt)).isEmpty();
    assertThat(Acks.of(receipt, Acks.UNKNOWN_STANZA)).isEmpty();
    assertThat(Acks.of(Node.of("receipt").with("id", "1"))).isEmpty();
  }

  @Test
  void iqsAreWrittenAsTheProtocolHasThem() {
    assertThat(Shape.of(Iqs.countPreKeys("1")))
        .isEqualTo("<iq id='1' to=s.whatsapp.net type='get' xmlns='encrypt'><count/></>");
    assertThat(Shape.of(Iqs.digest("1")))
        .isEqualTo("<iq id='1' to=s.whatsapp.net type='get' xmlns='encrypt'><digest/></>");
    assertThat(Shape.of(Iqs.activate("1")))
        .isEqualTo("<iq id='1' to=s.whatsapp.net type='set' xmlns='passive'><active/></>");
    assertThat(Shape.of(Iqs.ping("1")))
        .isEqualTo("<iq id='1' to=s.whatsapp.net type='get' xmlns='w:p'/>");
    assertThat(Shape.of(Iqs.logout("1", Jid.pn("55").withDevice(7))))
        .isEqualTo(
            "<iq id='1' to=s.whatsapp.net type='set' xmlns='md'><remove-companion-device"
                + " jid=55:7@s.whatsapp.net reason='user_initiated'/></>");
    assertThat(Shape.of(Presence.unavailable())).isEqualTo("<presence type='unavailable'/>");
    assertThat(Shape.of(Presence.available("Bakery")))
        .isEqualTo("<presence type='available' name='Bakery'/>");
  }

  @Test
  void anUploadHasAllThatOthersNeed() {
    SplittableRandom random = new SplittableRandom(1);
    Credentials credentials = Credentials.generate(random);
    Node upload =
        Iqs.uploadPreKeys("1", credentials, new PreKeys(new MapRecords(), random).toUpload(2));

    assertThat(Shape.of(upload))
        .isEqualTo(
            "<iq id='1' to=s.whatsapp.net type='set' xmlns='encrypt'>"
                + "<registration>%08x</>".formatted(credentials.registrationId())
                + "<type>05</><identity>32 B</><list>"
                + "<key><id>000001</><value>32 B</></><key><id>000002</><value>32 B</></></>"
                + "<skey><id>000001</><value>32 B</><signature>64 B</></></>");
  }

  @Test
  void aCountOfPreKeysIsANumber() {
    Node answer = Node.of("iq").with(Node.of("count").with("value", "42"));

    assertThat(Iqs.preKeyCount(answer)).isEqualTo(42);
    assertThatThrownBy(() -> Iqs.preKeyCount(Node.of("iq"))).isInstanceOf(ProtocolException.class);
  }

  private static Ending ending(Node node) {
    return Ending.find(node).orElseThrow();
  }

  private static Node conflict(String type) {
    return Node.of("conflict").with("type", type);
  }

  private static Node notification(String type) {
    return Node.of("notification").with("id", "n1").with("from", Jid.WHATSAPP).with("type", type);
  }
}

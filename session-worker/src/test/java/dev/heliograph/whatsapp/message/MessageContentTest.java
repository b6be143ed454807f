package dev.heliograph.whatsapp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.message.MessageContent.DeviceSent;
import dev.heliograph.whatsapp.message.MessageContent.Empty;
import dev.heliograph.whatsapp.message.MessageContent.Housekeeping;
import dev.heliograph.whatsapp.message.MessageContent.LidMappings;
import dev.heliograph.whatsapp.message.MessageContent.SenderKeyDistribution;
import dev.heliograph.whatsapp.message.MessageContent.Text;
import dev.heliograph.whatsapp.message.MessageContent.Unsupported;
import dev.heliograph.whatsapp.proto.DeviceSentMessage;
import dev.heliograph.whatsapp.proto.ExtendedTextMessage;
import dev.heliograph.whatsapp.proto.FutureProofMessage;
import dev.heliograph.whatsapp.proto.LIDMigrationMapping;
import dev.heliograph.whatsapp.proto.LIDMigrationMappingSyncMessage;
import dev.heliograph.whatsapp.proto.LIDMigrationMappingSyncPayload;
import dev.heliograph.whatsapp.proto.Message;
import dev.heliograph.whatsapp.proto.MessageContextInfo;
import dev.heliograph.whatsapp.proto.MessageKey;
import dev.heliograph.whatsapp.proto.Opaque;
import dev.heliograph.whatsapp.proto.ProtocolMessage;
import dev.heliograph.whatsapp.proto.SenderKeyDistributionMessage;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MessageContentTest {
  private static final Message TEXT = Message.newBuilder().setConversation("hello").build();

  @Test
  void aTextIsPlainOrExtended() {
    assertThat(parse(TEXT)).isEqualTo(new Text("hello"));
    assertThat(
            parse(
                Message.newBuilder()
                    .setExtendedTextMessage(ExtendedTextMessage.newBuilder().setText("hello"))
                    .setMessageContextInfo(MessageContextInfo.getDefaultInstance())
                    .build()))
        .isEqualTo(new Text("hello"));
  }

  @Test
  void aTextIsFoundInItsWrappers() {
    Message wrapped =
        Message.newBuilder()
            .setEphemeralMessage(
                wrapper(Message.newBuilder().setViewOnceMessageV2(wrapper(TEXT)).build()))
            .build();

    assertThat(parse(wrapped)).isEqualTo(new Text("hello"));
  }

  @Test
  void tooManyWrappersAreAProtocolError() {
    Message wrapped = TEXT;
    for (int i = 0; i < 9; i++) {
      wrapped = Message.newBuilder().setEphemeralMessage(wrapper(wrapped)).build();
    }
    Message tooDeep = wrapped;

    assertThatThrownBy(() -> parse(tooDeep)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void whatCannotBeShownHasAName() {
    Opaque something = Opaque.getDefaultInstance();
    assertThat(parse(Message.newBuilder().setImageMessage(something).build()))
        .isEqualTo(new Unsupported("image"));
    assertThat(parse(Message.newBuilder().setPollCreationMessageV3(something).build()))
        .isEqualTo(new Unsupported("poll_creation"));
    assertThat(parse(Message.newBuilder().setReactionMessage(something).build()))
        .isEqualTo(new Unsupported("reaction"));
    assertThat(
            parse(
                Message.newBuilder()
                    .setDocumentWithCaptionMessage(
                        wrapper(Message.newBuilder().setDocumentMessage(something).build()))
                    .build()))
        .isEqualTo(new Unsupported("document"));
    // Field 120, which is not known here, with one byte.
    assertThat(parse(HexFormat.of().parseHex("c2070100"))).isEqualTo(new Unsupported("unknown"));
  }

  @Test
  void aRevokeAndAnEditAreForAHumanOtherProtocolIsNot() {
    ProtocolMessage.Builder revoke =
        ProtocolMessage.newBuilder().setType(0).setKey(MessageKey.newBuilder().setId("1"));
    assertThat(parse(protocol(revoke))).isEqualTo(new Unsupported("revoke"));
    assertThat(parse(protocol(ProtocolMessage.newBuilder().setType(14))))
        .isEqualTo(new Unsupported("edit"));
    assertThat(
            parse(
                protocol(
                    ProtocolMessage.newBuilder()
                        .setType(5)
                        .setHistorySyncNotification(Opaque.getDefaultInstance()))))
        .isEqualTo(new Housekeeping(Housekeeping.Kind.HISTORY_SYNC));
    assertThat(parse(protocol(ProtocolMessage.newBuilder().setType(3))))
        .isEqualTo(new Housekeeping(Housekeeping.Kind.EPHEMERAL_SETTING));
    assertThat(parse(protocol(ProtocolMessage.newBuilder().setType(99))))
        .isEqualTo(new Housekeeping(Housekeeping.Kind.OTHER));
  }

  @Test
  void aCopyOfWhatWeSentCountsFromOurOwnDevicesAlone() {
    Message copy =
        Message.newBuilder()
            .setDeviceSentMessage(
                DeviceSentMessage.newBuilder().setDestinationJid("555@lid").setMessage(TEXT))
            .build();

    assertThat(MessageContent.parse(copy.toByteString(), true))
        .isEqualTo(new DeviceSent(Jid.lid("555"), new Text("hello")));
    assertThat(MessageContent.parse(copy.toByteString(), false))
        .isEqualTo(new Unsupported("device_sent"));
  }

  @Test
  void aSenderKeyMayComeAloneOrWithAText() {
    Message.Builder key =
        Message.newBuilder()
            .setSenderKeyDistributionMessage(
                SenderKeyDistributionMessage.newBuilder().setGroupId("1@g.us"));

    assertThat(parse(key.build())).isEqualTo(new SenderKeyDistribution());
    assertThat(parse(key.setConversation("hello").build())).isEqualTo(new Text("hello"));
  }

  @Test
  void ourPhoneTellsLidsAndNobodyElseDoes() {
    LIDMigrationMappingSyncPayload payload =
        LIDMigrationMappingSyncPayload.newBuilder()
            .addPnToLidMappings(LIDMigrationMapping.newBuilder().setPn(4930).setAssignedLid(1))
            .addPnToLidMappings(
                LIDMigrationMapping.newBuilder().setPn(4931).setAssignedLid(2).setLatestLid(3))
            .build();
    ByteString message =
        protocol(
                ProtocolMessage.newBuilder()
                    .setType(22)
                    .setLidMigrationMappingSyncMessage(
                        LIDMigrationMappingSyncMessage.newBuilder()
                            .setEncodedMappingPayload(payload.toByteString())))
            .toByteString();

    assertThat(MessageContent.parse(message, true))
        .isEqualTo(
            new LidMappings(
                List.of(
                    new LidMapping(Jid.pn("4930"), Jid.lid("1")),
                    new LidMapping(Jid.pn("4931"), Jid.lid("3")))));
    assertThat(MessageContent.parse(message, false))
        .isEqualTo(new Housekeeping(Housekeeping.Kind.OTHER));
  }

  @Test
  void nothingIsEmpty() {
    assertThat(parse(Message.getDefaultInstance())).isEqualTo(new Empty());
  }

  @Test
  void randomBytesAreAMessageOrAProtocolError() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] message =
        Message.newBuilder()
            .setDeviceSentMessage(
                DeviceSentMessage.newBuilder().setDestinationJid("555@lid").setMessage(TEXT))
            .setEphemeralMessage(wrapper(TEXT))
            .build()
            .toByteArray();
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = message.clone();
      if (i % 2 == 0) random.nextBytes(bytes);
      else bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        MessageContent.parse(ByteString.copyFrom(bytes), random.nextBoolean());
      } catch (ProtocolException refused) {
        assertThat(refused).hasMessageNotContaining("555");
      }
    }
  }

  @Test
  void aTextDoesNotPrintItself() {
    assertThat(new Text("secret").toString()).doesNotContain("secret");
    assertThat(new DeviceSent(Jid.lid("555"), new Text("secret")).toString())
        .doesNotContain("secret")
        .doesNotContain("555");
  }

  private static MessageContent parse(Message message) {
    return parse(message.toByteArray());
  }

  private static MessageContent parse(byte[] message) {
    return MessageContent.parse(ByteString.copyFrom(message), false);
  }

  private static Message protocol(ProtocolMessage.Builder message) {
    return Message.newBuilder().setProtocolMessage(message).build();
  }

  private static FutureProofMessage wrapper(Message message) {
    return FutureProofMessage.newBuilder().setMessage(message).build();
  }
}

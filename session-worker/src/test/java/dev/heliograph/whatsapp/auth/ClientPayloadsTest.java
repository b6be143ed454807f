package dev.heliograph.whatsapp.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.proto.ClientPayload;
import dev.heliograph.whatsapp.proto.DevicePairingRegistrationData;
import dev.heliograph.whatsapp.proto.DeviceProps;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPayloadsTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final ClientPayloads payloads =
      new ClientPayloads(new ClientVersion(2, 3000, 1045649367), "Heliograph");

  @Test
  void registrationTellsTheKeys() throws Exception {
    Credentials credentials = Credentials.generate(random);

    ClientPayload payload = ClientPayload.parseFrom(payloads.registration(credentials));

    DevicePairingRegistrationData data = payload.getDevicePairingData();
    assertThat(payload.hasUsername()).isFalse();
    assertThat(payload.getPassive()).isFalse();
    assertThat(payload.getPull()).isFalse();
    assertThat(data.getERegid().size()).isEqualTo(4);
    assertThat(data.getERegid().asReadOnlyByteBuffer().getInt())
        .isEqualTo(credentials.registrationId());
    assertThat(hex(data.getEKeytype().toByteArray())).isEqualTo("05");
    assertThat(data.getEIdent()).isEqualTo(credentials.identityKey().publicKey());
    assertThat(hex(data.getESkeyId().toByteArray())).isEqualTo("000001");
    assertThat(data.getESkeyVal()).isEqualTo(credentials.signedPreKey().keyPair().publicKey());
    assertThat(data.getESkeySig()).isEqualTo(credentials.signedPreKey().signature());
    // printf 2.3000.1045649367 | md5sum
    assertThat(hex(data.getBuildHash().toByteArray()))
        .isEqualTo("9fa53af9421567b114e33c9bb1ef7db2");
    DeviceProps props = DeviceProps.parseFrom(data.getDeviceProps());
    assertThat(props.getOs()).isEqualTo("Heliograph");
    assertThat(props.getPlatformType()).isEqualTo(1);
    assertThat(props.getRequireFullSync()).isFalse();
  }

  @Test
  void loginTellsTheDevice() throws Exception {
    ClientPayload payload = ClientPayload.parseFrom(payloads.login(Phone.paired(random)));

    assertThat(payload.getUsername()).isEqualTo(5511999);
    assertThat(payload.getDevice()).isEqualTo(7);
    assertThat(payload.getPassive()).isTrue();
    assertThat(payload.getPull()).isTrue();
    assertThat(payload.getLidDbMigrated()).isTrue();
    assertThat(payload.hasDevicePairingData()).isFalse();
    assertThat(payload.getUserAgent().getPlatform()).isEqualTo(14);
    assertThat(payload.getUserAgent().getAppVersion().getTertiary()).isEqualTo(1045649367);
    // A field with this number and value, wherever it stands.
    assertThat(hex(payload.toByteArray())).contains("c80201");
  }

  @Test
  void aVersionIsReadAndWrittenBack() {
    assertThat(ClientVersion.parse("2.3000.1045649367").toString()).isEqualTo("2.3000.1045649367");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2.3000", "2.3000.x", "2.3000.1.2", "2.3000.99999999999"})
  void whatIsNoVersionIsRefused(String text) {
    assertThatThrownBy(() -> ClientVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

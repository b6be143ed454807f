package dev.heliograph.whatsapp.auth;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.crypto.Hashes;
import dev.heliograph.whatsapp.proto.AppVersion;
import dev.heliograph.whatsapp.proto.ClientPayload;
import dev.heliograph.whatsapp.proto.DevicePairingRegistrationData;
import dev.heliograph.whatsapp.proto.DeviceProps;
import dev.heliograph.whatsapp.proto.HistorySyncConfig;
import dev.heliograph.whatsapp.proto.UserAgent;
import dev.heliograph.whatsapp.proto.WebInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Who we say we are in the last message of the handshake: a browser on WhatsApp Web.
 *
 * @param deviceName what the phone shows under "Linked devices", fixed at pairing
 */
public record ClientPayloads(ClientVersion version, String deviceName) {
  private static final int PLATFORM_WEB = 14;
  private static final int PLATFORM_TYPE_CHROME = 1;
  private static final int CONNECT_TYPE_WIFI_UNKNOWN = 1;
  private static final int CONNECT_REASON_USER_ACTIVATED = 1;
  private static final byte KEY_TYPE = 5;

  /** For credentials that are to be paired. */
  public byte[] registration(Credentials credentials) {
    return common()
        .setPassive(false)
        .setPull(false)
        .setDevicePairingData(pairingData(credentials))
        .build()
        .toByteArray();
  }

  /** For paired credentials: nothing is delivered until we say that we are active. */
  public byte[] login(Credentials credentials) {
    Account account = credentials.account();
    return common()
        .setUsername(Long.parseUnsignedLong(account.pn().user()))
        .setDevice(account.pn().device())
        .setPassive(true)
        .setPull(true)
        .setLc(1)
        .setLidDbMigrated(true)
        .build()
        .toByteArray();
  }

  private ClientPayload.Builder common() {
    return ClientPayload.newBuilder()
        .setUserAgent(
            UserAgent.newBuilder()
                .setPlatform(PLATFORM_WEB)
                .setAppVersion(
                    AppVersion.newBuilder()
                        .setPrimary(version.primary())
                        .setSecondary(version.secondary())
                        .setTertiary(version.tertiary()))
                .setMcc("000")
                .setMnc("000")
                .setOsVersion("0.1")
                .setManufacturer("")
                .setDevice("Desktop")
                .setOsBuildNumber("0.1")
                .setReleaseChannel(0)
                .setLocaleLanguage("en")
                .setLocaleCountry("US"))
        .setWebInfo(WebInfo.newBuilder().setWebSubPlatform(0))
        .setConnectType(CONNECT_TYPE_WIFI_UNKNOWN)
        .setConnectReason(CONNECT_REASON_USER_ACTIVATED);
  }

  private DevicePairingRegistrationData pairingData(Credentials credentials) {
    SignedPreKey signedPreKey = credentials.signedPreKey();
    byte[] buildHash = Hashes.md5(version.toString().getBytes(StandardCharsets.US_ASCII));
    return DevicePairingRegistrationData.newBuilder()
        .setERegid(bigEndian(credentials.registrationId()))
        .setEKeytype(ByteString.copyFrom(new byte[] {KEY_TYPE}))
        .setEIdent(credentials.identityKey().publicKey())
        .setESkeyId(bigEndian(signedPreKey.id()).substring(1))
        .setESkeyVal(signedPreKey.keyPair().publicKey())
        .setESkeySig(signedPreKey.signature())
        .setBuildHash(ByteString.copyFrom(buildHash))
        .setDeviceProps(deviceProps().toByteString())
        .build();
  }

  private DeviceProps deviceProps() {
    return DeviceProps.newBuilder()
        .setOs(deviceName)
        .setVersion(AppVersion.newBuilder().setPrimary(0).setSecondary(1).setTertiary(0))
        .setPlatformType(PLATFORM_TYPE_CHROME)
        .setRequireFullSync(false)
        .setHistorySyncConfig(
            HistorySyncConfig.newBuilder()
                .setStorageQuotaMb(10240)
                .setInlineInitialPayloadInE2EeMsg(true)
                .setSupportCallLogHistory(false)
                .setSupportBotUserAgentChatHistory(true)
                .setSupportCagReactionsAndPolls(true)
                .setSupportBizHostedMsg(true)
                .setSupportRecentSyncChunkMessageCountTuning(true)
                .setSupportHostedGroupMsg(true)
                .setSupportFbidBotChatHistory(true)
                .setSupportMessageAssociation(true)
                .setSupportGroupHistory(false)
                .setThumbnailSyncDaysLimit(60))
        .build();
  }

  private static ByteString bigEndian(int number) {
    return ByteString.copyFrom(ByteBuffer.allocate(4).putInt(number).flip());
  }
}

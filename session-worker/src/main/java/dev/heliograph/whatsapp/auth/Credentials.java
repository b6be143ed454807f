package dev.heliograph.whatsapp.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.proto.StoredAccount;
import dev.heliograph.whatsapp.proto.StoredCredentials;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one pairing, and the account once it is paired.
 *
 * @param registrationId of Signal, 1 to 16380
 * @param advSecret 32 bytes, part of the QR code: proves to us that the phone scanned it
 */
public record Credentials(
    KeyPair noiseKey,
    KeyPair identityKey,
    int registrationId,
    SignedPreKey signedPreKey,
    ByteString advSecret,
    @Nullable Account pairedAccount) {
  /** The name of the record that holds them. */
  public static final String RECORD = "creds";

  /** New keys, of no account yet. */
  public static Credentials generate(RandomGenerator random) {
    KeyPair identity = KeyPair.generate(random);
    byte[] advSecret = new byte[32];
    random.nextBytes(advSecret);
    return new Credentials(
        KeyPair.generate(random),
        identity,
        random.nextInt(1, 16381),
        SignedPreKey.sign(1, KeyPair.generate(random), identity),
        ByteString.copyFrom(advSecret),
        null);
  }

  public boolean isPaired() {
    return pairedAccount != null;
  }

  /**
   * The account of paired credentials.
   *
   * @throws IllegalStateException if they are not paired
   */
  public Account account() {
    if (pairedAccount == null) throw new IllegalStateException("not paired");
    return pairedAccount;
  }

  public Credentials withAccount(Account account) {
    return new Credentials(noiseKey, identityKey, registrationId, signedPreKey, advSecret, account);
  }

  public byte[] encode() {
    StoredCredentials.Builder stored =
        StoredCredentials.newBuilder()
            .setNoiseKey(noiseKey.toStored())
            .setIdentityKey(identityKey.toStored())
            .setRegistrationId(registrationId)
            .setSignedPreKeyId(signedPreKey.id())
            .setSignedPreKey(signedPreKey.keyPair().toStored())
            .setSignedPreKeySignature(signedPreKey.signature())
            .setAdvSecret(advSecret);
    if (pairedAccount != null) stored.setAccount(toStored(pairedAccount));
    return stored.build().toByteArray();
  }

  /**
   * Reads the record.
   *
   * @throws IllegalArgumentException if {@link #encode} has not written this
   */
  public static Credentials decode(byte[] encoded) {
    try {
      StoredCredentials stored = StoredCredentials.parseFrom(encoded);
      return new Credentials(
          KeyPair.fromStored(stored.getNoiseKey()),
          KeyPair.fromStored(stored.getIdentityKey()),
          stored.getRegistrationId(),
          new SignedPreKey(
              stored.getSignedPreKeyId(),
              KeyPair.fromStored(stored.getSignedPreKey()),
              stored.getSignedPreKeySignature()),
          stored.getAdvSecret(),
          stored.hasAccount() ? fromStored(stored.getAccount()) : null);
    } catch (InvalidProtocolBufferException notOurs) {
      throw new IllegalArgumentException("not credentials", notOurs);
    }
  }

  private static StoredAccount toStored(Account account) {
    return StoredAccount.newBuilder()
        .setPn(account.pn().text())
        .setLid(account.lid().text())
        .setDeviceIdentity(account.deviceIdentity())
        .setPhoneIdentity(account.phoneIdentity())
        .setPlatform(account.platform())
        .setBusinessName(account.businessName())
        .setConfirmed(account.confirmed())
        .build();
  }

  private static Account fromStored(StoredAccount stored) {
    return new Account(
        Jid.parse(stored.getPn()),
        Jid.parse(stored.getLid()),
        stored.getDeviceIdentity(),
        stored.getPhoneIdentity(),
        stored.getPlatform(),
        stored.getBusinessName(),
        stored.getConfirmed());
  }

  @Override
  public String toString() {
    return "Credentials[paired=" + isPaired() + "]";
  }
}

package dev.heliograph.sandbox.phone;

import com.github.auties00.libsignal.SignalProtocolAddress;
import com.github.auties00.libsignal.SignalSessionCipher;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.protocol.SignalCiphertextMessage;
import com.github.auties00.libsignal.protocol.SignalMessage;
import com.github.auties00.libsignal.protocol.SignalPreKeyMessage;
import com.github.auties00.libsignal.state.SignalPreKeyBundle;
import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.account.Bundle;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.PublicKey;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.store.StoreException;
import dev.heliograph.sandbox.wire.MalformedStanzaException;
import dev.heliograph.sandbox.wire.Node;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signal between a phone and other devices, in the shape of {@code <enc>} nodes. */
final class PhoneCipher {
  private final Database database;
  private final PhoneKeys keys;
  private final Bundles bundles;

  PhoneCipher(Database database, PhoneKeys keys, Bundles bundles) {
    this.database = database;
    this.keys = keys;
    this.bundles = bundles;
    PhoneSessions.createTable(database);
  }

  /**
   * The message could not be read. Why not is nobody's secret, but nothing depends on it either.
   */
  static final class UndecryptableException extends Exception {
    UndecryptableException(@Nullable Throwable cause) {
      super(cause);
    }
  }

  /**
   * Encrypts in the session with a device, which is begun if there is none.
   *
   * @return nothing if there is no such device
   */
  Optional<Node> encrypt(PhoneIdentity phone, DeviceAddress to, byte[] plaintext) {
    PhoneSessions sessions = sessions(phone);
    if (sessions.findSessionByAddress(address(to)).isEmpty() && !begin(phone, to)) {
      return Optional.empty();
    }
    SignalCiphertextMessage message =
        new SignalSessionCipher(sessions).encrypt(address(to), Padding.pad(plaintext));
    String type = message instanceof SignalPreKeyMessage ? "pkmsg" : "msg";
    return Optional.of(Node.of("enc", message.toSerialized()).with("v", "2").with("type", type));
  }

  /** Begins a new session with the keys that the server has. */
  boolean begin(PhoneIdentity phone, DeviceAddress with) {
    Optional<Bundle> bundle = bundles.take(with);
    bundle.ifPresent(found -> begin(phone, found));
    return bundle.isPresent();
  }

  void begin(PhoneIdentity phone, Bundle bundle) {
    Device device = bundle.device();
    PublicKey oneTime = bundle.oneTimePreKey().orElse(null);
    new SignalSessionCipher(sessions(phone))
        .process(
            address(device.address()),
            new SignalPreKeyBundle(
                (int) device.registrationId(),
                device.address().device(),
                oneTime == null ? 0 : oneTime.id(),
                oneTime == null ? null : key(oneTime.key()),
                device.signedPreKey().key().id(),
                key(device.signedPreKey().key().key()),
                device.signedPreKey().signature().toByteArray(),
                key(device.identity())));
  }

  byte[] decrypt(PhoneIdentity phone, DeviceAddress from, Node enc) throws UndecryptableException {
    SignalSessionCipher cipher = new SignalSessionCipher(sessions(phone));
    try {
      byte[] padded =
          switch (enc.requireText("type")) {
            case "pkmsg" ->
                cipher.decrypt(address(from), SignalPreKeyMessage.ofSerialized(enc.bytes()));
            case "msg" -> cipher.decrypt(address(from), SignalMessage.ofSerialized(enc.bytes()));
            default -> throw new UndecryptableException(null);
          };
      return Padding.unpad(padded);
    } catch (StoreException | MalformedStanzaException notTheCipher) {
      throw notTheCipher;
    } catch (RuntimeException refused) {
      // A stranger's bytes: libsignal answers them with whatever exception its code runs into.
      throw new UndecryptableException(refused);
    }
  }

  void forget(DeviceAddress device) {
    database.update("DELETE FROM phone_sessions WHERE address = ?", address(device).toString());
  }

  private static SignalIdentityPublicKey key(ByteString bytes) {
    return SignalIdentityPublicKey.ofDirect(bytes.toByteArray());
  }

  private PhoneSessions sessions(PhoneIdentity phone) {
    return new PhoneSessions(database, keys, phone);
  }

  private static SignalProtocolAddress address(DeviceAddress device) {
    return new SignalProtocolAddress(device.lid(), device.device());
  }
}

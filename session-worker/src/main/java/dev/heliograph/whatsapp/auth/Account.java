package dev.heliograph.whatsapp.auth;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;

/**
 * Which account we are a device of.
 *
 * @param pn our own device under the account's phone number
 * @param lid the same device under the account's LID
 * @param deviceIdentity the whole ADVSignedDeviceIdentity with the account's key and our signature:
 *     goes with every message that begins a Signal session
 * @param phoneIdentity the identity key of the account's phone, 32 bytes
 * @param platform of the phone: {@code android}, {@code iphone}, {@code smba}, …
 * @param businessName empty if it is no business
 * @param confirmed whether WhatsApp has let us in with it once
 */
public record Account(
    Jid pn,
    Jid lid,
    ByteString deviceIdentity,
    ByteString phoneIdentity,
    String platform,
    String businessName,
    boolean confirmed) {
  /** Whether this address is a device of the account (our own included), in either addressing. */
  public boolean owns(Jid jid) {
    Jid plain = jid.unhosted();
    return plain.isSameUser(pn) || plain.isSameUser(lid);
  }

  public boolean isThisDevice(Jid jid) {
    return owns(jid) && jid.device() == pn.device();
  }

  public Account asConfirmed() {
    return new Account(pn, lid, deviceIdentity, phoneIdentity, platform, businessName, true);
  }

  @Override
  public String toString() {
    return "Account[device=" + pn.device() + ", confirmed=" + confirmed + "]";
  }
}

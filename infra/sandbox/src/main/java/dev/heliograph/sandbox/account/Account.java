package dev.heliograph.sandbox.account;

import dev.heliograph.sandbox.wire.Jid;
import java.time.Instant;

/**
 * A WhatsApp account.
 *
 * @param msisdn the phone number, digits only
 * @param lid the digits that stand for the account everywhere else; they say nothing about the
 *     number
 */
public record Account(String msisdn, String lid, String pushName, Instant createdAt) {
  public Jid pn() {
    return Jid.pn(msisdn);
  }

  public Jid lidJid() {
    return Jid.lid(lid);
  }

  public DeviceAddress phone() {
    return new DeviceAddress(lid, 0);
  }

  @Override
  public String toString() {
    return "Account[redacted]";
  }
}

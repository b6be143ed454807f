package dev.heliograph.sandbox.account;

import dev.heliograph.sandbox.wire.Jid;

/** One device of an account; number 0 is the phone. */
public record DeviceAddress(String lid, int device) {
  public boolean isPhone() {
    return device == 0;
  }

  public Jid jid() {
    return new Jid(lid, device, Jid.LIDS);
  }

  @Override
  public String toString() {
    return "DeviceAddress[redacted:" + device + "]";
  }
}

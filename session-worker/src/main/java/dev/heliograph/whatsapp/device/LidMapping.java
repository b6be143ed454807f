package dev.heliograph.whatsapp.device;

import dev.heliograph.whatsapp.Jid;

/**
 * A user's two addresses.
 *
 * @param pn without a device
 * @param lid without a device
 */
public record LidMapping(Jid pn, Jid lid) {
  public LidMapping {
    if (!pn.isPn() || !lid.isLid()) throw new IllegalArgumentException("not a number and a LID");
    pn = pn.bare();
    lid = lid.bare();
  }
}

package dev.heliograph.whatsapp.device;

import dev.heliograph.whatsapp.Jid;
import java.util.List;
import java.util.Optional;

/**
 * What the server says of one user that was asked for.
 *
 * @param asked as it was asked
 * @param registered whether he is on WhatsApp at all
 * @param pn his number as the server writes it, which may differ from what was asked (Brazil's
 *     ninth digit)
 * @param devices by LID if that is known, device 0 (the phone) among them; empty if he is not
 *     registered
 */
public record UserDevices(
    Jid asked, boolean registered, Optional<Jid> pn, Optional<Jid> lid, List<Jid> devices) {
  public UserDevices {
    devices = List.copyOf(devices);
  }

  public static UserDevices unregistered(Jid asked) {
    return new UserDevices(asked, false, Optional.empty(), Optional.empty(), List.of());
  }

  /** Where messages go: the LID if he has one. */
  public Optional<Jid> address() {
    return lid.or(() -> pn);
  }
}

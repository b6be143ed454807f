package dev.heliograph.sandbox.login;

import dev.heliograph.sandbox.account.DeviceAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which companions are connected. Belongs to the thread of the turns. */
public final class Sessions {
  private final Map<DeviceAddress, Session> connected = new HashMap<>();

  public Optional<Session> find(DeviceAddress device) {
    return Optional.ofNullable(connected.get(device));
  }

  /** Who is connected just now. */
  public Set<DeviceAddress> connected() {
    return Set.copyOf(connected.keySet());
  }

  /**
   * Notes a device's new session.
   *
   * @return the one that it replaces
   */
  Optional<Session> put(Session session) {
    return Optional.ofNullable(connected.put(session.address(), session));
  }

  void remove(Session session) {
    connected.remove(session.address(), session);
  }
}

package dev.heliograph.sandbox.login;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Counters;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PreKeys;
import dev.heliograph.sandbox.connection.Connection;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.phone.Phones;
import dev.heliograph.sandbox.relay.Outbox;
import dev.heliograph.sandbox.relay.Relay;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Node;
import java.util.Optional;

/** Makes a companion a stranger again, from the phone or by its own wish. */
public final class Unlinking {
  private final Accounts accounts;
  private final Devices devices;
  private final PreKeys preKeys;
  private final Outbox outbox;
  private final Phones phones;
  private final Relay relay;
  private final Defects defects;
  private final Counters counters;
  private final Sessions sessions;

  public Unlinking(
      Accounts accounts,
      Devices devices,
      PreKeys preKeys,
      Outbox outbox,
      Phones phones,
      Relay relay,
      Defects defects,
      Counters counters,
      Sessions sessions) {
    this.accounts = accounts;
    this.devices = devices;
    this.preKeys = preKeys;
    this.outbox = outbox;
    this.phones = phones;
    this.relay = relay;
    this.defects = defects;
    this.counters = counters;
    this.sessions = sessions;
  }

  /**
   * Removes a companion and ends its session.
   *
   * @return false if there is none of that number
   */
  public boolean unlink(Turn turn, DeviceAddress address) {
    Optional<Device> device = devices.find(address).filter(found -> !address.isPhone());
    device.ifPresent(found -> remove(turn, found));
    return device.isPresent();
  }

  private void remove(Turn turn, Device device) {
    DeviceAddress address = device.address();
    Account account = accounts.get(address.lid());
    devices.remove(address);
    preKeys.removeAll(address);
    outbox.removeAll(address);
    phones.forget(address);
    defects.removeAll(address);
    counters.removeAll(address);
    relay.announceDevice(turn, account, device, false);
    Node removed =
        Connection.streamError(Node.of("conflict").with("type", "device_removed"))
            .with("code", 401);
    turn.afterCommit(() -> sessions.find(address).ifPresent(session -> session.end(removed)));
  }
}

package dev.heliograph.sandbox.phone;

import dev.heliograph.sandbox.account.Bundle;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PreKeys;
import java.util.Optional;

/**
 * Hands out key bundles, each with a one-time pre-key while the device has any; phones make more in
 * time.
 */
public final class Bundles {
  private final Devices devices;
  private final PreKeys preKeys;
  private final PhoneKeys phoneKeys;

  public Bundles(Devices devices, PreKeys preKeys, PhoneKeys phoneKeys) {
    this.devices = devices;
    this.preKeys = preKeys;
    this.phoneKeys = phoneKeys;
  }

  public Optional<Bundle> take(DeviceAddress address) {
    return devices
        .find(address)
        .map(
            device -> {
              if (address.isPhone()) {
                phoneKeys.refill(address.lid());
              }
              return new Bundle(device, preKeys.take(address));
            });
  }
}

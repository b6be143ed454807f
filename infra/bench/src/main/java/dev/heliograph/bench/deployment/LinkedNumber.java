package dev.heliograph.bench.deployment;

import dev.heliograph.bench.deployment.Connections.Device;
import dev.heliograph.local.e2e.Customer.Paired;

/** An instance with the phone that has linked it. */
public record LinkedNumber(Paired paired, String lid) {
  public String instance() {
    return paired.instance();
  }

  public String msisdn() {
    return paired.msisdn();
  }

  /** What WhatsApp knows its session as. */
  public Device device() {
    return new Device(lid, paired.device());
  }
}

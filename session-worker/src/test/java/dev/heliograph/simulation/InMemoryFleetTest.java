package dev.heliograph.simulation;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.fleet.FleetStorageContract;

class InMemoryFleetTest extends FleetStorageContract {
  private final InMemoryFleet fleet = new InMemoryFleet();

  @Override
  protected FleetStorage storage() {
    return fleet;
  }
}

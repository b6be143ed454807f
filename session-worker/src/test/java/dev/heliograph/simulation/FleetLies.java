package dev.heliograph.simulation;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.fleet.FleetView;
import dev.heliograph.fleet.ShardRow;
import dev.heliograph.fleet.WorkerRow;
import dev.heliograph.message.QueuedMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rules that a fleet keeps, each one broken. */
final class FleetLies {
  private FleetLies() {}

  /** Nobody who stands still is declared dead. */
  static FleetStorage nobodyIsKilled(FleetStorage fleet) {
    return new ForwardingFleet(fleet) {
      @Override
      public boolean kill(String worker, long beat) {
        return false;
      }
    };
  }

  /** Who was declared dead does not learn it. */
  static FleetStorage theDeadBeatOn(FleetStorage fleet) {
    return new ForwardingFleet(fleet) {
      @Override
      public boolean beat(String worker, long beat, boolean leaving, Instant now) {
        super.beat(worker, beat, leaving, now);
        return true;
      }
    };
  }

  /** What a worker holds is not what the rows say, but what it has taken. */
  static FleetStorage rowsAreNotRead(FleetStorage fleet) {
    return new ForwardingFleet(fleet) {
      @Override
      public FleetView read() {
        FleetView view = super.read();
        return new FleetView(
            view.workers(),
            view.shards().stream()
                .map(row -> new ShardRow(row.shard(), Optional.empty(), row.epoch()))
                .toList());
      }
    };
  }

  /** What is given up stays where it was. */
  static FleetStorage nothingIsReleased(FleetStorage fleet) {
    return new ForwardingFleet(fleet) {
      @Override
      public void release(int shard, String worker) {}
    };
  }

  /** Everybody believes to be alone. */
  static FleetStorage othersAreNotSeen(FleetStorage fleet) {
    return new ForwardingFleet(fleet) {
      @Override
      public FleetView read() {
        return new FleetView(List.<WorkerRow>of(), super.read().shards());
      }
    };
  }

  /** A journal that is ahead of its shard stays so. */
  static FleetStorage epochsAreNotRaised(FleetStorage fleet) {
    return new ForwardingFleet(fleet) {
      @Override
      public Optional<Long> raiseEpoch(int shard, String worker, long mine, long met) {
        return Optional.empty();
      }
    };
  }

  /** Neither ticks nor rings find messages that the ring does not name. */
  static FleetStorage nobodyLooksForMessages(FleetStorage fleet) {
    return new ForwardingFleet(fleet) {
      @Override
      public List<QueuedMessage> queued(int shard, Instant since) {
        return List.of();
      }
    };
  }
}

package dev.heliograph.fleet;

import java.util.List;

/** The fleet table at one time. */
public record FleetView(List<WorkerRow> workers, List<ShardRow> shards) {
  public FleetView {
    workers = List.copyOf(workers);
    shards = List.copyOf(shards);
  }
}

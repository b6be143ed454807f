package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What workers stand on, wherever it is stored. */
public abstract class FleetStorageContract {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** The same each time in one test, and empty at its beginning. */
  protected abstract FleetStorage storage();

  private static ShardRow free(long epoch) {
    return new ShardRow(3, Optional.empty(), epoch);
  }

  private static ShardRow of(String owner, long epoch) {
    return new ShardRow(3, Optional.of(owner), epoch);
  }

  @Test
  void aBeatIsSeenByAll() {
    assertThat(storage().beat("a", 1, false, NOW)).isTrue();
    assertThat(storage().beat("a", 2, false, NOW)).isTrue();

    assertThat(storage().read().workers()).isEqualTo(List.of(new WorkerRow("a", 2, false, false)));
  }

  @Test
  void whoeverSaysThatItLeavesDoesNotComeBack() {
    assertThat(storage().beat("a", 1, false, NOW)).isTrue();
    assertThat(storage().beat("a", 2, true, NOW)).isTrue();
    assertThat(storage().beat("a", 3, false, NOW)).isTrue(); // late: from before it left

    assertThat(storage().read().workers()).isEqualTo(List.of(new WorkerRow("a", 3, true, false)));
  }

  @Test
  void whoeverIsDeclaredDeadBeatsNoMore() {
    storage().beat("a", 1, false, NOW);

    assertThat(storage().kill("a", 1)).isTrue();

    assertThat(storage().beat("a", 2, false, NOW)).isFalse();
    assertThat(storage().read().workers()).isEqualTo(List.of(new WorkerRow("a", 1, false, true)));
  }

  @Test
  void whoeverHasBeatenSinceIsNotDead() {
    storage().beat("a", 1, false, NOW);
    storage().beat("a", 2, false, NOW);

    assertThat(storage().kill("a", 1)).isFalse();
    assertThat(storage().kill("unknown", 1)).isFalse();
    assertThat(storage().beat("a", 3, false, NOW)).isTrue();
  }

  @Test
  void aShardIsTakenFromWhomItWasSeenWithAndItsEpochGrows() {
    assertThat(storage().take(free(0), "a")).contains(1L);
    assertThat(storage().take(free(0), "b")).isEmpty();
    assertThat(storage().take(of("a", 1), "b")).contains(2L);

    assertThat(storage().shard(3)).isEqualTo(of("b", 2));
    assertThat(storage().read().shards()).isEqualTo(List.of(of("b", 2)));
  }

  @Test
  void onlyItsOwnerGivesAShardUpAndItsEpochStays() {
    storage().take(free(0), "a");

    storage().release(3, "b");
    assertThat(storage().shard(3)).isEqualTo(of("a", 1));
    storage().release(3, "a");
    assertThat(storage().shard(3)).isEqualTo(free(1));
  }

  @Test
  void anEpochIsRaisedAboveWhatItsOwnerMet() {
    storage().take(free(0), "a");

    assertThat(storage().raiseEpoch(3, "b", 1, 7)).isEmpty();
    assertThat(storage().raiseEpoch(3, "a", 5, 7)).isEmpty();
    assertThat(storage().raiseEpoch(3, "a", 1, 7)).contains(8L);
    assertThat(storage().shard(3)).isEqualTo(of("a", 8));
  }
}

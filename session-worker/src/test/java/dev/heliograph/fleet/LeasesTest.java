package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.Instances;
import dev.heliograph.message.Messages;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeasesTest {
  private static final int SHARDS = 6;
  private static final LeaseSettings SETTINGS = LeaseSettings.DEFAULT;

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.FLEET);

  private Fleet fleet;
  private long nanos;

  @BeforeEach
  void openFleet() {
    fleet = new Fleet(dynamoDb.client(), dynamoDb.prefix());
  }

  private Leases worker(String name) {
    return new Leases(
        storage(),
        name,
        SHARDS,
        SETTINGS,
        InstantSource.system(),
        () -> nanos,
        new SplittableRandom(name.hashCode()));
  }

  private FleetStorage storage() {
    InstantSource clock = InstantSource.system();
    return new DynamoDbFleetStorage(
        fleet,
        new Instances(dynamoDb.client(), dynamoDb.prefix(), clock),
        new Messages(dynamoDb.client(), dynamoDb.prefix(), clock));
  }

  private void elapse(Duration time) {
    nanos += time.toNanos();
  }

  /** Everybody beats, once a second. */
  private void live(Duration time, Leases... workers) {
    for (long elapsed = 0; elapsed < time.toNanos(); elapsed += SETTINGS.beat().toNanos()) {
      elapse(SETTINGS.beat());
      for (Leases worker : workers) {
        assertThat(worker.beat()).isTrue();
      }
    }
  }

  /** As the worker does after each beat. */
  private void giveUpSurplus(String name, Leases worker) {
    worker.held().keySet().stream()
        .limit(worker.surplus())
        .forEach(shard -> fleet.release(shard, name));
  }

  private static Set<Integer> allShards() {
    return new HashSet<>(IntStream.range(0, SHARDS).boxed().toList());
  }

  private Map<Integer, Optional<String>> owners() {
    Map<Integer, Optional<String>> owners = new TreeMap<>();
    fleet.read().shards().forEach(shard -> owners.put(shard.shard(), shard.owner()));
    return owners;
  }

  @Test
  void aWorkerAloneTakesEveryShardInItsFirstEpoch() {
    Leases alone = worker("a");

    alone.beat();

    assertThat(alone.held()).containsOnlyKeys(allShards());
    assertThat(alone.held().values()).containsOnly(1L);
  }

  @Test
  void aSecondWorkerGetsItsShareAsTheFirstGivesUpWhatIsMore() {
    Leases a = worker("a");
    Leases b = worker("b");
    a.beat();
    b.beat();
    assertThat(b.held()).isEmpty();
    assertThat(a.surplus()).isZero(); // it has not seen the other one yet

    a.beat();
    assertThat(a.surplus()).isEqualTo(3);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(2), a, b);

    assertThat(a.held()).hasSize(3);
    assertThat(b.held()).hasSize(3);
    assertThat(b.held().values()).containsOnly(2L);
    assertThat(a.surplus() + b.surplus()).isZero();
  }

  @Test
  void nothingIsGivenUpToANewcomerWhileSomebodyMayBeDead() {
    Leases a = worker("a");
    Leases b = worker("b");
    live(Duration.ofSeconds(2), a, b);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(1), a, b);
    assertThat(b.held()).hasSize(3);

    live(Duration.ofSeconds(4), a); // and not b, which the newcomer replaces
    Leases newcomer = worker("c");
    newcomer.beat();
    a.beat();
    assertThat(a.surplus()).isZero();

    Map<Integer, Long> kept = a.held();
    live(Duration.ofSeconds(2), a, newcomer);
    assertThat(a.held()).containsAllEntriesOf(kept);
  }

  @Test
  void whoIsWarmTakesWhatADeadOneHeldAndANewcomerGetsItsShareLater() {
    Leases a = worker("a");
    Leases b = worker("b");
    live(SETTINGS.warm(), a, b);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(1), a, b);

    live(Duration.ofSeconds(3), a); // and not b
    Leases newcomer = worker("c");
    live(Duration.ofSeconds(2), newcomer, a);
    live(Duration.ofSeconds(1), newcomer, a);
    assertThat(a.held()).containsOnlyKeys(allShards());
    assertThat(a.surplus()).isZero(); // or they would change hands twice within seconds

    live(SETTINGS.settled(), newcomer, a);
    assertThat(a.surplus()).isEqualTo(3);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(1), newcomer, a);
    assertThat(a.held()).hasSize(3);
    assertThat(newcomer.held()).hasSize(3);
  }

  @Test
  void twoThatAreWarmShareWhatADeadOneHeldWhoeverElseHasJoined() {
    Leases a = worker("a");
    Leases b = worker("b");
    Leases c = worker("c");
    Map<String, Leases> workers = Map.of("a", a, "b", b, "c", c);
    for (int beats = 0; beats < 6; beats++) {
      live(SETTINGS.beat(), a, b, c);
      workers.forEach(this::giveUpSurplus);
    }
    live(SETTINGS.warm(), a, b, c);
    assertThat(c.held()).hasSize(2);

    live(Duration.ofSeconds(3), a, b); // and not c
    Leases d = worker("d");
    live(Duration.ofSeconds(3), a, b, d);

    assertThat(a.held()).hasSize(3);
    assertThat(b.held()).hasSize(3);
    assertThat(d.held()).isEmpty();
  }

  @Test
  void aNewcomerTakesWhatNobodyElseTakes() {
    Leases a = worker("a");
    Leases b = worker("b");
    live(SETTINGS.warm(), a, b);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(1), a, b);

    Leases newcomer = worker("c");
    for (int beats = 0; beats < 12; beats++) {
      elapse(SETTINGS.beat());
      assertThat(newcomer.beat()).isTrue();
      // It lives, and takes nothing: what it looks at does not answer.
      assertThat(fleet.beat("a", 1_000 + beats, false, InstantSource.system().instant())).isTrue();
    }

    assertThat(newcomer.held()).hasSize(3);
  }

  @Test
  void whatOneGivesUpThatLeavesIsSharedByThoseThatStay() {
    Leases a = worker("a");
    Leases b = worker("b");
    live(Duration.ofSeconds(2), a, b);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(1), a, b);
    assertThat(b.held()).hasSize(3);

    assertThat(a.beatLeaving()).isTrue();
    a.held().keySet().stream().limit(2).forEach(shard -> fleet.release(shard, "a"));
    live(SETTINGS.beat(), b);

    assertThat(b.held()).hasSize(5); // what a still holds is not finished yet
    assertThat(owners().values()).containsOnlyOnce(Optional.of("a"));
  }

  @Test
  void aNewcomerDoesNotLeaveOrphansToOneThatLeaves() {
    Leases a = worker("a");
    Leases b = worker("b");
    live(SETTINGS.warm(), a, b);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(1), a, b);

    assertThat(a.beatLeaving()).isTrue();
    b.leave();
    Leases newcomer = worker("c");
    live(SETTINGS.beat(), newcomer);

    assertThat(newcomer.held()).hasSize(3);
  }

  @Test
  void whoWasOnlyLateKeepsItsPartAndTheNewcomerGetsIts() {
    Leases a = worker("a");
    Leases b = worker("b");
    live(Duration.ofSeconds(2), a, b);
    giveUpSurplus("a", a);
    live(Duration.ofSeconds(1), a, b);

    live(Duration.ofSeconds(4), a);
    Leases newcomer = worker("c");
    newcomer.beat();
    live(Duration.ofSeconds(1), b, a);

    assertThat(a.surplus() + b.surplus()).isPositive();
  }

  @Test
  void whatIsSurplusToOneIsNotTakenBackByIt() {
    Leases a = worker("a");
    Leases b = worker("b");
    a.beat();
    b.beat();
    a.beat();

    giveUpSurplus("a", a);
    a.beat();

    assertThat(a.held()).hasSize(3);
  }

  @Test
  void howeverManyWorkersThereAreNoneHoldsTwoMoreThanAnother() {
    Map<String, Leases> workers = new TreeMap<>();
    for (int n = 1; n <= SHARDS + 1; n++) {
      workers.put("worker " + n, worker("worker " + n));

      for (int beats = 0; beats < 6; beats++) {
        live(SETTINGS.beat(), workers.values().toArray(Leases[]::new));
        workers.forEach(this::giveUpSurplus);
      }

      List<Integer> sizes = workers.values().stream().map(held -> held.held().size()).toList();
      assertThat(Collections.max(sizes) - Collections.min(sizes)).as("of " + n).isLessThan(2);
      assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(SHARDS);
    }
  }

  @Test
  void aWorkerThatStandsStillForALeaseLosesItsShards() {
    Leases a = worker("a");
    Leases b = worker("b");
    a.beat();
    b.beat();

    live(Duration.ofSeconds(4), b);
    assertThat(b.held()).isEmpty();
    live(Duration.ofSeconds(2), b);

    assertThat(b.held()).containsOnlyKeys(allShards());
    assertThat(b.held().values()).containsOnly(2L);
  }

  @Test
  void aWorkerThatWasDeclaredDeadLearnsItAtItsNextBeat() {
    Leases a = worker("a");
    Leases b = worker("b");
    a.beat();
    b.beat();
    live(Duration.ofSeconds(6), b);

    assertThat(a.beat()).isFalse();
  }

  @Test
  void aWorkerThatBeatsLosesNothingHoweverSlowly() {
    Leases a = worker("a");
    Leases b = worker("b");
    a.beat();
    b.beat();

    for (int i = 0; i < 5; i++) {
      live(Duration.ofSeconds(3), b);
      assertThat(a.beat()).isTrue();
    }

    assertThat(a.held()).containsOnlyKeys(allShards());
  }

  @Test
  void aBeatAtTheLastMomentSavesAWorker() {
    Leases a = worker("a");
    a.beat();
    WorkerRow seen = fleet.read().workers().getFirst();
    a.beat();

    assertThat(fleet.kill("a", seen.beat())).isFalse();

    assertThat(a.beat()).isTrue();
  }

  @Test
  void nobodyTakesAShardWithoutHavingKilledItsOwner() {
    Leases a = worker("a");
    a.beat();
    Leases b = worker("b");

    live(Duration.ofSeconds(3), b);
    elapse(SETTINGS.lease().multipliedBy(2)); // b stands still as well
    assertThat(a.beat()).isTrue();
    b.beat();

    assertThat(owners().values()).containsOnly(Optional.of("a"));
  }

  @Test
  void twoThatWantTheShardsOfADeadOneEndUpWithAFairShareEach() {
    Leases a = worker("a");
    Leases b = worker("b");
    Leases c = worker("c");
    a.beat();
    b.beat();
    c.beat();

    live(Duration.ofSeconds(7), b, c);

    assertThat(b.held()).hasSize(3);
    assertThat(c.held()).hasSize(3);
    assertThat(b.held().keySet()).doesNotContainAnyElementsOf(c.held().keySet());
    assertThat(c.beat()).isTrue();
    assertThat(a.beat()).isFalse();
  }

  @Test
  void aShardThatTwoReachForGoesToOneOfThem() {
    ShardRow free = new ShardRow(0, Optional.empty(), 0);

    assertThat(fleet.take(free, "a")).contains(1L);
    assertThat(fleet.take(free, "b")).isEmpty();

    assertThat(fleet.shard(0)).isEqualTo(new ShardRow(0, Optional.of("a"), 1));
  }

  @Test
  void whatWasTakenWithoutAnAnswerIsFoundAtTheNextBeat() {
    Leases a = worker("a");
    fleet.take(new ShardRow(4, Optional.empty(), 0), "a"); // and the answer got lost

    a.beat();

    assertThat(a.held()).containsEntry(4, 1L);
  }

  @Test
  void whatOthersHaveTakenIsNotHeldAnyMore() {
    Leases a = worker("a");
    a.beat();
    fleet.release(2, "a");
    fleet.take(new ShardRow(2, Optional.empty(), 1), "b");
    fleet.beat("b", 1, false, InstantSource.system().instant());

    a.beat();

    assertThat(a.held()).doesNotContainKey(2);
  }

  @Test
  void confidenceEndsTwoThirdsOfALeaseAfterTheLastGoodBeatBegan() {
    Leases a = worker("a");
    a.beat();

    elapse(Duration.ofMillis(2600));
    assertThat(a.isConfident()).isTrue();
    elapse(Duration.ofMillis(100));
    assertThat(a.isConfident()).isFalse();

    a.beat();
    assertThat(a.isConfident()).isTrue();
  }

  @Test
  void anEpochIsRaisedByTheOwnerAboveWhatItMetAndByNobodyElse() {
    fleet.take(new ShardRow(0, Optional.empty(), 0), "a");

    assertThat(fleet.raiseEpoch(0, "b", 1, 7)).isEmpty();
    assertThat(fleet.raiseEpoch(0, "a", 2, 7)).isEmpty();
    assertThat(fleet.raiseEpoch(0, "a", 1, 7)).contains(8L);

    assertThat(fleet.shard(0).epoch()).isEqualTo(8);
  }

  @Test
  void epochsGrowWithEachOwner() {
    List<String> workers = List.of("a", "b", "a");
    Stream<Long> epochs =
        workers.stream()
            .map(
                worker -> {
                  long epoch = fleet.take(fleet.shard(0), worker).orElseThrow();
                  fleet.release(0, worker);
                  return epoch;
                });

    assertThat(epochs).containsExactly(1L, 2L, 3L);
  }

  @Test
  void onlyItsOwnerGivesAShardUp() {
    fleet.take(new ShardRow(0, Optional.empty(), 0), "a");

    fleet.release(0, "b");

    assertThat(fleet.shard(0).owner()).contains("a");
  }
}

package dev.heliograph.simulation;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.simulation.FleetSimulation.FleetRules;
import dev.heliograph.simulation.InMemoryStorage.Kind;
import dev.heliograph.simulation.StorageLies.Write;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rules that workers keep, or stand on: without them the simulation of a fleet fails. */
@ExtendWith(QuietLogs.class)
class FleetRulesTest {
  private static final long SEEDS = 100;

  private static void isNoticed(FleetRules rules) {
    Seeds.notice(SEEDS, seed -> new FleetSimulation(seed, rules).run());
  }

  private static void isNoticed(UnaryOperator<FleetStorage> lie) {
    isNoticed(new FleetRules(Lie.NONE, lie, true));
  }

  private static void isNoticed(Lie lie) {
    isNoticed(new FleetRules(lie, UnaryOperator.identity(), true));
  }

  @Test
  void theSimulationNoticesWhenNobodyIsDeclaredDead() {
    isNoticed(FleetLies::nobodyIsKilled);
  }

  @Test
  void theSimulationNoticesWhenTheDeadBeatOn() {
    isNoticed(FleetLies::theDeadBeatOn);
  }

  @Test
  void theSimulationNoticesWhenRowsAreNotReadAgain() {
    isNoticed(FleetLies::rowsAreNotRead);
  }

  @Test
  void theSimulationNoticesWhenNothingIsGivenUp() {
    isNoticed(FleetLies::nothingIsReleased);
  }

  @Test
  void theSimulationNoticesWhenOthersAreNotSeen() {
    isNoticed(FleetLies::othersAreNotSeen);
  }

  @Test
  void theSimulationNoticesWhenAnEpochIsNotRaisedAboveWhatItMet() {
    isNoticed(FleetLies::epochsAreNotRaised);
  }

  @Test
  void theSimulationNoticesWhenNobodyLooksForMessages() {
    isNoticed(FleetLies::nobodyLooksForMessages);
  }

  @Test
  void theSimulationNoticesWhenAMachinesClockIsBelieved() {
    isNoticed(new FleetRules(Lie.NONE, UnaryOperator.identity(), false));
  }

  @Test
  void theSimulationNoticesWhenEntriesArePutWithoutCondition() {
    isNoticed(StorageLies.noConditionOn(Kind.ENTRY));
  }

  @Test
  void theSimulationNoticesWhenStanzasLeaveBeforeTheirEntryIsIn() {
    isNoticed(StorageLies.entriesComeLater());
  }

  @Test
  void theSimulationNoticesWhenASessionGoesOnAfterAnUnknownOutcome() {
    isNoticed(StorageLies.unknownCountsAsDone());
  }

  @Test
  void theSimulationNoticesWhenASessionGoesOnAfterARefusal() {
    isNoticed(StorageLies.refusalIsIgnored());
  }

  @Test
  void theSimulationNoticesWhenOwnersAreNotFencedByOpening() {
    isNoticed(StorageLies.openedIsNotWritten());
  }

  @Test
  void theSimulationNoticesWhenEpochsAreIgnored() {
    isNoticed(StorageLies.epochsAreIgnored());
  }

  @Test
  void theSimulationNoticesWhenACheckpointPassesALostRatchet() {
    isNoticed(StorageLies.notRepeated(Write.RECORD));
  }
}

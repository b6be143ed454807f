package dev.heliograph.simulation;

import dev.heliograph.simulation.InMemoryStorage.Kind;
import dev.heliograph.simulation.StorageLies.Write;
import org.junit.jupiter.api.Test;

/** Each rule of the journal is needed: without it the simulation fails. */
class JournalRulesTest {
  private static final long SEEDS = 400;

  private static void isNoticed(Lie lie) {
    Seeds.notice(SEEDS, seed -> new JournalSimulation(seed, lie).run());
  }

  @Test
  void theSimulationNoticesWhenEntriesArePutWithoutCondition() {
    isNoticed(StorageLies.noConditionOn(Kind.ENTRY));
  }

  @Test
  void theSimulationNoticesWhenARefusedEntryCountsAsWritten() {
    isNoticed(StorageLies.refusalIsIgnored());
  }

  @Test
  void theSimulationNoticesWhenAnUnknownOutcomeCountsAsDone() {
    isNoticed(StorageLies.unknownCountsAsDone());
  }

  @Test
  void theSimulationNoticesWhenOpenedIsNotWritten() {
    isNoticed(StorageLies.openedIsNotWritten());
  }

  @Test
  void theSimulationNoticesWhenEpochsAreIgnored() {
    isNoticed(StorageLies.epochsAreIgnored());
  }

  @Test
  void theSimulationNoticesWhenTheStatusIsProjectedWithoutCondition() {
    isNoticed(StorageLies.noConditionOn(Kind.STATUS));
  }

  @Test
  void theSimulationNoticesWhenMessagesAreProjectedWithoutCondition() {
    isNoticed(StorageLies.noConditionOn(Kind.MESSAGE));
  }

  @Test
  void theSimulationNoticesWhenRecordsAreWrittenWithoutCondition() {
    isNoticed(StorageLies.noConditionOn(Kind.RECORD));
  }

  @Test
  void theSimulationNoticesWhenCheckpointsAreWrittenWithoutCondition() {
    isNoticed(StorageLies.noConditionOn(Kind.CHECKPOINT));
  }

  @Test
  void theSimulationNoticesWhenACheckpointPassesALostStatus() {
    isNoticed(StorageLies.notRepeated(Write.STATUS));
  }

  @Test
  void theSimulationNoticesWhenACheckpointPassesALostRowOfAMessage() {
    isNoticed(StorageLies.notRepeated(Write.MESSAGE));
  }

  @Test
  void theSimulationNoticesWhenACheckpointPassesALostRowOfAReceivedMessage() {
    isNoticed(StorageLies.notRepeated(Write.RECEIVED));
  }

  @Test
  void theSimulationNoticesWhenACheckpointPassesALostRecord() {
    isNoticed(StorageLies.notRepeated(Write.RECORD));
  }

  @Test
  void theSimulationNoticesWhenAWipeIsNotDoneAgain() {
    isNoticed(StorageLies.notRepeated(Write.WIPE));
  }

  @Test
  void theSimulationNoticesWhenAPairingBeginsBeforeItsKeyIsIn() {
    isNoticed(StorageLies.notRepeated(Write.KEY));
  }

  @Test
  void theSimulationNoticesWhenARemovedRecordLeavesNoTombstone() {
    isNoticed(StorageLies.noTombstones());
  }

  @Test
  void theSimulationNoticesWhenAnEndedKeyLeavesNoTombstone() {
    isNoticed(StorageLies.noTombstoneOfTheKey());
  }

  @Test
  void theSimulationNoticesWhenRecordsAreReadInconsistently() {
    isNoticed(StorageLies.inconsistentRecords());
  }

  @Test
  void theSimulationNoticesWhenMessagesAreReadInconsistently() {
    isNoticed(StorageLies.inconsistentMessages());
  }

  @Test
  void theSimulationNoticesWhenReceivedMessagesAreReadInconsistently() {
    isNoticed(StorageLies.inconsistentReceived());
  }
}

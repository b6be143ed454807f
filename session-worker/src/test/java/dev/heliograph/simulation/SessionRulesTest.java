package dev.heliograph.simulation;

import dev.heliograph.simulation.StorageLies.Write;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rules that a session keeps, or stands on: without them the simulation of it fails. */
@ExtendWith(QuietLogs.class)
class SessionRulesTest {
  private static final long SEEDS = 100;

  private static void isNoticed(Lie lie) {
    Seeds.notice(SEEDS, seed -> new SessionSimulation(seed, lie).run());
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
  void theSimulationNoticesWhenRatchetsAreReadInconsistently() {
    isNoticed(StorageLies.inconsistentRecords());
  }

  @Test
  void theSimulationNoticesWhenWhatWasReceivedIsReadInconsistently() {
    isNoticed(StorageLies.inconsistentReceived());
  }

  @Test
  void theSimulationNoticesWhenWhatWasSentIsReadInconsistently() {
    isNoticed(StorageLies.inconsistentMessages());
  }

  @Test
  void theSimulationNoticesWhenACheckpointPassesALostRatchet() {
    isNoticed(StorageLies.notRepeated(Write.RECORD));
  }
}

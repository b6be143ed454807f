package dev.heliograph.fleet;

/**
 * One incarnation of a worker.
 *
 * @param beat grows with each beat; others time it with their own clocks
 * @param leaving whether it gives up what it holds and takes nothing any more, which is final
 * @param dead whether others have declared it so, which is final
 */
public record WorkerRow(String id, long beat, boolean leaving, boolean dead) {}

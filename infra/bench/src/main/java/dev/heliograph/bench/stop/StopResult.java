package dev.heliograph.bench.stop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.bench.deployment.Durations;
import dev.heliograph.json.Json;
import java.time.Duration;

/**
 * What came of a run.
 *
 * @param stop from SIGTERM until the process had ended
 * @param exitCode 143 where a process ended as it was told to
 * @param withoutCheckpoint numbers whose next owner has entries to read after the checkpoint
 * @param notReleased shards that still have an owner
 * @param offline for how long each number was, until the worker after it had connected it
 * @param lost numbers that never came back
 */
record StopResult(
    int sessions,
    Duration stop,
    int exitCode,
    int withoutCheckpoint,
    int notReleased,
    Durations offline,
    int lost) {

  boolean isGood(Duration timeout) {
    return stop.compareTo(timeout) < 0
        && exitCode == 143
        && withoutCheckpoint == 0
        && notReleased == 0
        && lost == 0;
  }

  /** For people, as Markdown. */
  String table() {
    return """
    | what | |
    | --- | --- |
    | numbers | %d |
    | from SIGTERM to the end | %.1f s, exit code %d |
    | **without a checkpoint of all they did** | %d |
    | **shards not released** | %d |
    | offline until the next worker had them, itself started after the end | %s |
    | **lost** | %d |
    """
        .formatted(sessions, seconds(), exitCode, withoutCheckpoint, notReleased, offline, lost);
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("sessions", sessions)
            .put("stop_seconds", seconds())
            .put("exit_code", exitCode)
            .put("without_checkpoint", withoutCheckpoint)
            .put("not_released", notReleased)
            .put("lost", lost);
    json.set("offline_seconds", offline.json());
    return json;
  }

  private double seconds() {
    return stop.toMillis() / 1000.0;
  }
}

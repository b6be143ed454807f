package dev.heliograph.bench.takeover;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.bench.deployment.Durations;
import dev.heliograph.json.Json;
import java.time.Duration;

/**
 * What came of a run.
 *
 * @param beginning from the start of the workers until all numbers were paired, or connected again
 * @param takeovers from the SIGKILL until each of the worker's numbers was connected again
 * @param offline how many never were
 */
record TakeoverResult(
    int sessions, int workers, Duration beginning, Durations takeovers, int offline) {

  /** For people, as Markdown. */
  String table() {
    return """
    | what | |
    | --- | --- |
    | numbers, workers | %d, %d |
    | until all were paired, or connected again | %d s |
    | numbers of the worker that was killed | %d |
    | take-over after SIGKILL | %s |
    | still offline | %d |
    """
        .formatted(
            sessions,
            workers,
            beginning.toSeconds(),
            takeovers.sorted().size() + offline,
            takeovers,
            offline);
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("sessions", sessions)
            .put("workers", workers)
            .put("beginning_seconds", beginning.toSeconds())
            .put("offline", offline);
    json.set("takeover_seconds", takeovers.json());
    return json;
  }
}

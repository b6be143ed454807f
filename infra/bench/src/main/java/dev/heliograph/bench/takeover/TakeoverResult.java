package dev.heliograph.bench.takeover;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.bench.deployment.Durations;
import dev.heliograph.json.Json;
import java.time.Duration;

/**
 * What came of a run.
 *
 * @param pairing how long it took to pair all numbers
 * @param takeovers from the SIGKILL until each of the worker's numbers was connected again
 * @param offline how many never were
 */
record TakeoverResult(
    int sessions, int workers, Duration pairing, Durations takeovers, int offline) {

  /** For people, as Markdown. */
  String table() {
    return """
    | what | |
    | --- | --- |
    | numbers, workers | %d, %d |
    | pairing them | %d s |
    | numbers of the worker that was killed | %d |
    | take-over after SIGKILL | %s |
    | still offline | %d |
    """
        .formatted(
            sessions,
            workers,
            pairing.toSeconds(),
            takeovers.sorted().size() + offline,
            takeovers,
            offline);
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("sessions", sessions)
            .put("workers", workers)
            .put("pairing_seconds", pairing.toSeconds())
            .put("offline", offline);
    json.set("takeover_seconds", takeovers.json());
    return json;
  }
}

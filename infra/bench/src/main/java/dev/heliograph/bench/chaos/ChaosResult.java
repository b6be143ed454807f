package dev.heliograph.bench.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.bench.deployment.Durations;
import dev.heliograph.json.Json;
import java.time.Instant;
import java.util.List;

/**
 * What came of a run.
 *
 * @param exits how the workers of each slot have ended
 * @param findings one line for each case that is not as it should be
 */
public record ChaosResult(
    ChaosOptions options,
    List<Figure> figures,
    List<Happened> faults,
    List<String> exits,
    List<String> findings) {

  /**
   * A fault.
   *
   * @param takeover from a SIGKILL until each of the worker's numbers was connected again
   */
  record Happened(Instant at, Fault fault, Durations takeover) {}

  /** Those of all kills. */
  Durations takeovers() {
    return new Durations(
        faults.stream().flatMap(fault -> fault.takeover().sorted().stream()).toList());
  }

  /** The figures that are not zero and must be. */
  public List<Figure> defects() {
    return figures.stream().filter(Figure::isDefect).toList();
  }

  /** For people, as Markdown. */
  public String table() {
    StringBuilder table = new StringBuilder("| what | how many |\n| --- | ---: |\n");
    for (Figure figure : figures) {
      String name = figure.mustBeZero() ? "**" + figure.name() + "**" : figure.name();
      table.append("| %s | %d |%n".formatted(name, figure.value()));
    }
    return table
        .append("| take-over after SIGKILL | ")
        .append(takeovers())
        .append(" |\n")
        .toString();
  }

  public ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("seed", options.seed())
            .put("sessions", options.sessions())
            .put("workers", options.workers())
            .put("seconds", options.lasting().toSeconds())
            .put("dedup", options.dedup())
            .put("ack_loss", options.ackLoss())
            .put("rate", options.rate())
            .put("baileys", options.baileys());
    ObjectNode counted = json.putObject("figures");
    figures.forEach(figure -> counted.put(figure.name(), figure.value()));
    json.set("takeover_seconds", takeovers().json());
    var done = json.putArray("faults");
    for (Happened fault : faults) {
      ObjectNode happened = done.addObject();
      happened.put("at", fault.at().toString()).put("fault", fault.fault().toString());
      if (!fault.takeover().sorted().isEmpty()) {
        happened.set("takeover_seconds", fault.takeover().json());
      }
    }
    var ended = json.putArray("exits");
    exits.forEach(ended::add);
    var found = json.putArray("findings");
    findings.forEach(found::add);
    return json;
  }
}

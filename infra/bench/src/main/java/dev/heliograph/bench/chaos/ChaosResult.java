package dev.heliograph.bench.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.bench.deployment.Durations;
import dev.heliograph.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

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
   * What 99 of 100 numbers are to stay below, if nothing else is wrong with workers or DynamoDB.
   */
  private static final Duration LONGEST_TAKEOVER = Duration.ofSeconds(10);

  /**
   * A fault.
   *
   * @param takeover from a SIGKILL until each of the worker's numbers was connected again
   * @param undisturbed those of them during which no other worker, and no worker's DynamoDB, was in
   *     trouble
   */
  record Happened(Instant at, Fault fault, Durations takeover, Durations undisturbed) {}

  /** Those of all kills. */
  Durations takeovers() {
    return ofAll(Happened::takeover);
  }

  /** Those of all kills that were the only trouble meanwhile. */
  Durations undisturbedTakeovers() {
    return ofAll(Happened::undisturbed);
  }

  private Durations ofAll(Function<Happened, Durations> durations) {
    return new Durations(
        faults.stream().map(durations).flatMap(each -> each.sorted().stream()).toList());
  }

  /** The figures that are not zero and must be. */
  public List<Figure> defects() {
    return figures.stream().filter(Figure::isDefect).toList();
  }

  /** For people, as Markdown, under the command that gave it. */
  public String table() {
    StringBuilder table = new StringBuilder("`").append(options.command()).append("`:\n\n");
    table.append("| what | how many |\n| --- | ---: |\n");
    for (Figure figure : figures) {
      String name = figure.mustBeZero() ? "**" + figure.name() + "**" : figure.name();
      table.append("| %s | %d |\n".formatted(name, figure.value()));
    }
    return table
        .append("| take-over after SIGKILL | %s |\n".formatted(takeovers()))
        .append(
            "| take-over after SIGKILL, nothing else being wrong; p99 at most %d s | %s |\n"
                .formatted(LONGEST_TAKEOVER.toSeconds(), undisturbedTakeovers()))
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
    json.set("undisturbed_takeover_seconds", undisturbedTakeovers().json());
    var done = json.putArray("faults");
    for (Happened fault : faults) {
      ObjectNode happened = done.addObject();
      happened.put("at", fault.at().toString()).put("fault", fault.fault().toString());
      if (!fault.takeover().sorted().isEmpty()) {
        happened.set("takeover_seconds", fault.takeover().json());
        happened.put("undisturbed", fault.undisturbed().sorted().size());
      }
    }
    var ended = json.putArray("exits");
    exits.forEach(ended::add);
    var found = json.putArray("findings");
    findings.forEach(found::add);
    return json;
  }
}

package dev.heliograph.bench.chaos;

import dev.heliograph.bench.BenchFolder;
import dev.heliograph.json.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heliograph bench chaos}: exits with 1 if anything was lost, doubled or noticed. */
@Command(
    name = "chaos",
    description = {
      "Kills, freezes and cuts off workers while numbers and phones write to each other, and counts"
          + " what was lost, doubled or noticed."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class ChaosCommand implements Callable<Integer> {
  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many numbers are paired.")
  private int sessions;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many processes share them.")
  private int workers;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "5",
      description = "How long things go wrong.")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Decides which fault comes when, and who writes to whom (default: drawn).")
  private @Nullable Long seed;

  /** As it is typed. */
  private enum Dedup {
    on,
    off
  }

  @Option(
      names = "--dedup",
      paramLabel = "on|off",
      defaultValue = "on",
      description = "Whether the server drops a message that comes again under its id.")
  private Dedup dedup = Dedup.on;

  @Option(
      names = "--ack-loss",
      paramLabel = "P",
      defaultValue = "0.05",
      description = "The probability that the server does not say that it has taken a message.")
  private double ackLoss;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5",
      description = "Texts per second, both ways together.")
  private double rate;

  @Option(
      names = "--baileys",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "How many of the phones at the other end, a fifth as many as numbers and at least 2, have"
            + " Baileys as a companion.",
        "Needs Node 20 and npm."
      })
  private int baileys;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = ".heliograph/chaos",
      description =
          "Where data, logs and the result are kept; what an earlier run left is removed.")
  private Path data = Path.of(".heliograph/chaos");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    ChaosOptions options = options();
    BenchFolder.clear(data);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("seed %d, data in %s%n", options.seed(), data);
    out.flush();
    ChaosResult result = ChaosRun.run(options);
    Files.writeString(data.resolve("result.json"), Json.write(result.json()));
    out.println(result.table());
    result.findings().stream().limit(20).forEach(out::println);
    out.flush();
    return result.defects().isEmpty() ? 0 : 1;
  }

  private ChaosOptions options() {
    try {
      return new ChaosOptions(
          data,
          sessions,
          workers,
          Duration.ofSeconds(Math.round(minutes * 60)),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed,
          dedup == Dedup.on,
          ackLoss,
          rate,
          baileys);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
  }
}

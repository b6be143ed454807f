package dev.heliograph.bench.takeover;

import dev.heliograph.bench.BenchFolder;
import dev.heliograph.json.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code heliograph bench takeover}: exits with 1 if a number stays offline. */
@Command(
    name = "takeover",
    description = "Kills one of several workers and measures how long its numbers are offline.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class TakeoverCommand implements Callable<Integer> {
  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many numbers are paired; not with --again.")
  private int sessions;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many processes share them before one is killed.")
  private int workers;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = ".heliograph/takeover",
      description = {
        "Where data, logs and the result are kept; what an earlier run left is removed, but for"
            + " --again.",
        "In a file system that is memory, DynamoDB Local and the sandbox write to no disk."
      })
  private Path data = Path.of(".heliograph/takeover");

  @Option(
      names = "--again",
      description = "With the numbers that the run before has paired there, as many as they are.")
  private boolean again;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (again) {
      BenchFolder.keep(data);
    } else {
      BenchFolder.clear(data);
    }
    TakeoverResult result = TakeoverRun.run(data, sessions, workers);
    Files.writeString(data.resolve("result.json"), Json.write(result.json()));
    PrintWriter out = spec.commandLine().getOut();
    out.println(result.table());
    out.flush();
    return result.offline() == 0 ? 0 : 1;
  }
}

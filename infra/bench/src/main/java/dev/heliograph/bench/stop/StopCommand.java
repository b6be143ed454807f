package dev.heliograph.bench.stop;

import dev.heliograph.bench.BenchFolder;
import dev.heliograph.json.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code heliograph bench stop}: exits with 1 if anything was left undone. */
@Command(
    name = "stop",
    description = "Sends SIGTERM to a worker with many numbers and looks at what it leaves behind.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class StopCommand implements Callable<Integer> {
  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many numbers are paired; not with --again.")
  private int sessions;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "When SIGKILL would follow: the stopTimeout of the deployment's service.")
  private int timeout;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = ".heliograph/stop",
      description =
          "Where data, logs and the result are kept; what an earlier run left is removed, but for"
              + " --again.")
  private Path data = Path.of(".heliograph/stop");

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
    StopResult result = StopRun.run(data, sessions);
    Files.writeString(data.resolve("result.json"), Json.write(result.json()));
    PrintWriter out = spec.commandLine().getOut();
    out.println(result.table());
    out.flush();
    return result.isGood(Duration.ofSeconds(timeout)) ? 0 : 1;
  }
}

package dev.heliograph.local;

import dev.heliograph.event.EventStreams;
import dev.heliograph.fleet.Worker;
import dev.heliograph.fleet.WorkerSettings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code heliograph worker}: runs until SIGTERM or Ctrl-C, or until others say it is dead. */
@Command(
    name = "worker",
    description = {
      "Runs a session worker in a process of its own: beside the 'heliograph local' that has the"
          + " data folder open, or else where AWS_ENDPOINT_URL and the rest of the environment say."
    },
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  /** Without any of these nobody has said which AWS is meant. */
  static final Set<String> AWS =
      Set.of("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_REGION");

  private static final int DEAD = 70; // EX_SOFTWARE of sysexits.h

  @Mixin private DataFolderOption data = new DataFolderOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    WorkerSettings settings = WorkerSettings.from(environment());
    Worker worker = Worker.start(settings, () -> Runtime.getRuntime().halt(DEAD));
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
    PrintWriter out = spec.commandLine().getOut();
    out.println("Worker " + worker.id() + " is running.");
    worker.health().ifPresent(at -> out.println("Its metrics: " + at.resolve("/metrics")));
    worker.streams().ifPresent(at -> out.println("Its streams: " + at.resolve(EventStreams.PATH)));
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  private Map<String, String> environment() throws Exception {
    Optional<Map<String, String>> published = data.folder().publishedByOther();
    if (published.isPresent()) {
      return LocalEnvironment.joining(published.get(), System.getenv());
    }
    if (AWS.stream().noneMatch(System.getenv()::containsKey)) {
      throw new CannotStartException(
          ("no gateway has the folder %s open, and the environment names no AWS:"
                  + " start 'heliograph local' first")
              .formatted(data.folder().path()));
    }
    return System.getenv();
  }
}

package dev.heliograph.local.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A {@code heliograph} command in a process of its own, on the class path of the tests. */
public final class JavaProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path output;
  private final Path log;

  private JavaProcess(Process process, Path output, Path log) {
    this.process = process;
    this.output = output;
    this.log = log;
  }

  /**
   * Starts the command.
   *
   * @param logs a folder; what the process prints goes there, after what an earlier one printed
   */
  public static JavaProcess start(
      Path logs, String name, Map<String, String> environment, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.heliograph.local.Main"));
    command.addAll(arguments);
    return run(logs, name, environment, command);
  }

  /** Starts any other command that becomes Java, such as an image's: with the Java of the tests. */
  static JavaProcess run(
      Path logs, String name, Map<String, String> environment, List<String> command) {
    try {
      Files.createDirectories(logs);
      Path output = logs.resolve(name + ".out");
      Path log = logs.resolve(name + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      builder.environment().put("DDB_LOCAL_TELEMETRY", "0");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      return new JavaProcess(builder.start(), output, log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits until it has printed something, and fails at once if it ends before. */
  public MatchResult awaitOutput(Pattern pattern) {
    await(pattern.pattern())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> printed(pattern).isPresent() || !process.isAlive());
    return printed(pattern)
        .orElseThrow(() -> new AssertionError("the process ended early:\n" + tail()));
  }

  /** Where it has printed something. */
  Optional<MatchResult> printed(Pattern pattern) {
    return pattern.matcher(read(output)).results().findFirst();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String tail() {
    List<String> lines = read(log).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Everything that it has logged, and those before it under this name. */
  String log() {
    return read(log);
  }

  /** Ends it between two instructions, as a power cut does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Asks it to end. */
  public void terminate() {
    process.destroy();
  }

  /**
   * Asks it to end, and waits.
   *
   * @return its exit code
   */
  public int stop() {
    process.destroy();
    return process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join().exitValue();
  }

  /**
   * Waits until it ends, however long that takes.
   *
   * @return its exit code
   */
  public int awaitExit() {
    return process.onExit().join().exitValue();
  }

  /** Stops its clock between two instructions, as a machine does that swaps or is moved. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets it go on, without knowing that it was frozen. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().onExit().join();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } finally {
      process.destroyForcibly();
    }
  }
}

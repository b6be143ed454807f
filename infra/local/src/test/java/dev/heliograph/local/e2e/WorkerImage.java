package dev.heliograph.local.e2e;

import dev.heliograph.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the Dockerfile makes an image of, without an image: its commands, in the folder that it
 * copies instead of the one that it copies that to.
 */
public final class WorkerImage {
  private static final Pattern COPY = Pattern.compile("(?m)^COPY (\\S+) (\\S+)$");
  private static final Pattern RUN = Pattern.compile("(?m)^RUN (\\[.*])$");
  private static final Pattern ENTRYPOINT = Pattern.compile("(?m)^ENTRYPOINT (\\[.*])$");
  private static final Pattern HEALTH = Pattern.compile("(?m)^HEALTHCHECK .* CMD (\\[.*])$");

  private final String dockerfile;
  private final Path folder;
  private final String inImage;

  private WorkerImage(String dockerfile, Path folder, String inImage) {
    this.dockerfile = dockerfile;
    this.folder = folder;
    this.inImage = inImage;
  }

  /**
   * The one of this checkout.
   *
   * @throws IllegalStateException if what is in it was not built
   */
  public static WorkerImage in(Path root) throws IOException {
    String dockerfile = Files.readString(root.resolve("infra/docker/Dockerfile"));
    MatchResult copy = first(COPY, dockerfile);
    Path folder = root.resolve(copy.group(1)).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) throw new IllegalStateException("mvn package makes " + folder);
    return new WorkerImage(dockerfile, folder, copy.group(2));
  }

  /** Does in the folder what building the image does in it. */
  void build(Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command(RUN))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HELIOGRAPH_HEALTH_PORT", Gateway.freePort());
    int exitCode = builder.start().onExit().join().exitValue();
    if (exitCode != 0) throw new AssertionError("the image cannot be built: " + log);
  }

  /** What a container runs. */
  public List<String> command() {
    return command(ENTRYPOINT);
  }

  /** What asks whether it is well. */
  List<String> healthCheck() {
    return command(HEALTH);
  }

  /** The Java archives in it. */
  public List<Path> jars() throws IOException {
    try (var files = Files.list(folder.resolve("lib"))) {
      return files.sorted().toList();
    }
  }

  private List<String> command(Pattern instruction) {
    List<String> command = new ArrayList<>();
    Json.read(first(instruction, dockerfile).group(1))
        .forEach(word -> command.add(word.asText().replace(inImage, folder.toString())));
    return command;
  }

  private static MatchResult first(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the Dockerfile has no " + pattern));
  }
}

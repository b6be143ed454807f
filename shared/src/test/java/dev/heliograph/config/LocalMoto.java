package dev.heliograph.config;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * AWS as moto plays it, in a process of its own, for what has no better stand-in: KMS and Secrets
 * Manager. {@code infra/tools/check-template} says how to get moto; without it the test is skipped,
 * and where everything must run it fails.
 */
public final class LocalMoto implements BeforeAllCallback, AfterAllCallback {
  private static final String SERVER = "moto_server";
  private static final Pattern RUNNING =
      Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");
  private static final Duration START = Duration.ofSeconds(60);

  private @Nullable Process process;
  private @Nullable Path output;
  private @Nullable URI endpoint;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Path server = require();
    Path log = Files.createTempFile("moto", ".log");
    output = log;
    Process moto =
        new ProcessBuilder(server.toString(), "-H", "127.0.0.1", "-p", "0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process = moto;
    endpoint =
        await().atMost(START).until(() -> address(moto, log), Optional::isPresent).orElseThrow();
  }

  private static Path require() {
    Optional<Path> server =
        Stream.concat(
                Stream.of(Path.of("..", ".venv", "bin")),
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                    .map(Path::of))
            .map(folder -> folder.resolve(SERVER).toAbsolutePath())
            .filter(Files::isExecutable)
            .findFirst();
    String missing = SERVER + " is neither in .venv nor on the path";
    if ("1".equals(System.getenv("HELIOGRAPH_CI"))) {
      Assertions.assertTrue(server.isPresent(), missing);
    }
    Assumptions.assumeTrue(server.isPresent(), missing);
    return server.orElseThrow();
  }

  private static Optional<URI> address(Process process, Path output) throws IOException {
    Assertions.assertTrue(process.isAlive(), "moto did not start");
    Matcher running = RUNNING.matcher(Files.readString(output));
    return running.find() ? Optional.of(URI.create(running.group(1))) : Optional.empty();
  }

  /** What an environment says that leads here for these services, and for no other. */
  public Map<String, String> environment() {
    String url = requireNonNull(endpoint, "register it with @RegisterExtension").toString();
    return Map.of(
        "AWS_ENDPOINT_URL_KMS", url,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER", url,
        "AWS_REGION", "us-east-1",
        "AWS_ACCESS_KEY_ID", "local",
        "AWS_SECRET_ACCESS_KEY", "local");
  }

  /** Leads clients here. */
  public Aws aws() {
    return Aws.from(new Environment(environment()));
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (process != null) {
      process.destroy();
    }
    if (output != null) {
      Files.delete(output);
    }
  }
}

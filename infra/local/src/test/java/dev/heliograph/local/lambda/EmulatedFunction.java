package dev.heliograph.local.lambda;

import static org.awaitility.Awaitility.await;

import dev.heliograph.local.e2e.Gateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A function's archive under AWS's runtime interface emulator: Lambda's own start of a Java
 * process, its handler named in the environment, and its calls over the runtime API. With SnapStart
 * the runtime calls the hooks that it calls at AWS, before and after a snapshot that nobody takes.
 */
public final class EmulatedFunction implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern INIT = Pattern.compile("INIT REPORT\\(durationMs: ([0-9.]+)\\)");
  private static final Pattern CALL = Pattern.compile("INVOKE RTDONE\\(.*duration: ([0-9.]+)ms");

  private final Process process;
  private final RuntimeApi runtimeApi;
  private final URI invocations;
  private final Path log;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private EmulatedFunction(Process process, RuntimeApi runtimeApi, URI invocations, Path log) {
    this.process = process;
    this.runtimeApi = runtimeApi;
    this.invocations = invocations;
    this.log = log;
  }

  /**
   * Starts the emulator; the function itself starts with the first call.
   *
   * @param folder an empty one
   */
  public static EmulatedFunction start(
      Emulator emulator,
      FunctionPackage functions,
      Class<?> handler,
      Path folder,
      Map<String, String> environment,
      boolean withSnapStart)
      throws IOException {
    String invocations = "127.0.0.1:" + Gateway.freePort();
    String runtime = "127.0.0.1:" + Gateway.freePort();
    RuntimeApi runtimeApi = RuntimeApi.inFrontOf(runtime);
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                emulator.binary().toString(),
                "--runtime-interface-emulator-address",
                invocations,
                "--runtime-api-address",
                runtime,
                bootstrap(functions, folder, runtimeApi).toString(),
                handler.getName())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder
        .environment()
        .putAll(
            Map.of(
                "_HANDLER",
                handler.getName(),
                "AWS_LAMBDA_FUNCTION_NAME",
                handler.getSimpleName(),
                "AWS_LAMBDA_FUNCTION_TIMEOUT",
                "60",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                "1024",
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                withSnapStart ? "snap-start" : "on-demand"));
    return new EmulatedFunction(
        builder.start(),
        runtimeApi,
        URI.create("http://" + invocations + "/2015-03-31/functions/function/invocations"),
        log);
  }

  /** As Lambda's own: Java with its runtime's jars and the function's, and Lambda's main class. */
  private static Path bootstrap(FunctionPackage functions, Path folder, RuntimeApi runtimeApi)
      throws IOException {
    String classPath = functions.unpack(Files.createDirectory(folder.resolve("task")));
    String script =
        """
        #!/bin/sh
        export AWS_LAMBDA_RUNTIME_API=%s
        exec "%s/bin/java" -Xmx700m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
          --enable-native-access=ALL-UNNAMED \\
          -Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac \\
          -cp "%s" com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER"
        """
            .formatted(runtimeApi.address(), System.getProperty("java.home"), classPath);
    Path bootstrap = Files.writeString(folder.resolve("bootstrap"), script);
    Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwx------"));
    return bootstrap;
  }

  /**
   * Calls the function and waits for its answer.
   *
   * @throws AssertionError if it failed
   */
  public String invoke(String event) {
    HttpRequest request =
        HttpRequest.newBuilder(invocations)
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(event))
            .build();
    return await("an answer of the function")
        .atMost(PATIENCE)
        .ignoreException(ConnectException.class) // the emulator is about to listen
        .until(() -> send(request), _ -> true);
  }

  private String send(HttpRequest request) throws IOException, InterruptedException {
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200 || response.body().contains("\"errorType\"")) {
      throw new AssertionError("the function failed:\n" + log());
    }
    return response.body();
  }

  /** How long the function's process took until it could be called, with all that it primed. */
  public Duration init() {
    return times(INIT).getFirst();
  }

  /** How long each call took. */
  public List<Duration> calls() {
    return times(CALL);
  }

  private List<Duration> times(Pattern pattern) {
    List<Duration> times = new ArrayList<>();
    for (Matcher found = pattern.matcher(log()); found.find(); ) {
      times.add(Duration.ofNanos((long) (Double.parseDouble(found.group(1)) * 1e6)));
    }
    return times;
  }

  /** How often the runtime asked to be snapshot, and was told that it was restored. */
  int restores() {
    return runtimeApi.restores();
  }

  /** How often the function did before a snapshot what it would have to do after it. */
  long primings() {
    return log().lines().filter(line -> line.contains("\"message\":\"primed\"")).count();
  }

  /** What the emulator and the function have printed. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    runtimeApi.close();
    http.shutdownNow();
  }
}

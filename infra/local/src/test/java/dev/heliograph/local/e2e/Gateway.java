package dev.heliograph.local.e2e;

import static java.util.Objects.requireNonNullElse;

import dev.heliograph.json.Json;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** {@code heliograph local} and {@code heliograph worker}: what they are told, and their data. */
public record Gateway(Path data, Path logs, Map<String, String> environment, List<String> options) {
  private static final int FIRST_PORT = 10_000;
  private static final int LAST_PORT = 32_000;

  private static final Pattern READY = Pattern.compile("Heliograph is ready[\\s\\S]*key");
  private static final Pattern API = Pattern.compile("API +(\\S+)");
  private static final Pattern PHONES = Pattern.compile("sandbox's phones +(\\S+)");
  private static final Pattern KEY = Pattern.compile("API key, shown this once: (\\S+)");
  private static final Pattern STARTED = Pattern.compile("\"msg\":\"worker started\"");
  private static final Pattern WORKING = Pattern.compile("Worker \\S+ is running");

  /** Whose data is in a test's folder, and whose logs are named after the test and begin anew. */
  static Gateway of(Object test, Path folder) {
    Path logs = Path.of("target", "e2e", test.getClass().getSimpleName());
    removeFilesIn(logs);
    return new Gateway(folder.resolve("data"), logs, Map.of(), List.of("--port", freePort()));
  }

  private static void removeFilesIn(Path folder) {
    for (File file : requireNonNullElse(folder.toFile().listFiles(), new File[0])) {
      if (!file.delete()) throw new IllegalStateException("cannot delete " + file);
    }
  }

  /**
   * A restart must find the same one: a customer knows one address. It is none that the system
   * gives to connections, or one of those may have it when it is needed.
   */
  public static String freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        return String.valueOf(socket.getLocalPort());
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }

  public Gateway with(String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new Gateway(data, logs, environment, all);
  }

  public Gateway with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Gateway(data, logs, all, options);
  }

  /** Talking to a sandbox that is not its own. */
  public Gateway talkingTo(URI webSocket, String rootKey) {
    return with(
        Map.of(
            "HELIOGRAPH_WHATSAPP_URL",
            webSocket.toString(),
            "HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY",
            rootKey));
  }

  /** Starts it, and does not wait. */
  JavaProcess launch() {
    List<String> arguments = new ArrayList<>(List.of("local", "--data", data.toString()));
    arguments.addAll(options);
    return JavaProcess.start(logs, "gateway", environment, arguments);
  }

  /** Starts it, and waits until it says that it is ready. */
  public JavaProcess start() {
    JavaProcess gateway = launch();
    gateway.awaitOutput(READY);
    return gateway;
  }

  /** Starts a worker beside a gateway that is ready. */
  JavaProcess startWorker(String name) {
    JavaProcess worker =
        JavaProcess.start(logs, name, environment, List.of("worker", "--data", data.toString()));
    worker.awaitOutput(WORKING);
    return worker;
  }

  /**
   * Starts a worker as a container does that is made of the image, beside a gateway that is ready.
   */
  JavaProcess startWorker(String name, WorkerImage image, String healthPort) throws IOException {
    Map<String, String> variables = workerEnvironment();
    variables.put("HELIOGRAPH_HEALTH_PORT", healthPort);
    JavaProcess worker = JavaProcess.run(logs, name, variables, image.command());
    worker.awaitOutput(STARTED);
    return worker;
  }

  /** What any worker is told, beside a gateway that is ready; its health is at a free port. */
  Map<String, String> workerEnvironment() throws IOException {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("HELIOGRAPH_HEALTH_PORT", "0");
    Json.read(Files.readString(data.resolve("deployment.json")))
        .properties()
        .forEach(variable -> variables.put(variable.getKey(), variable.getValue().asText()));
    return variables;
  }

  public static URI apiOf(JavaProcess gateway) {
    return URI.create(gateway.awaitOutput(API).group(1));
  }

  static URI phonesOf(JavaProcess gateway) {
    return URI.create(gateway.awaitOutput(PHONES).group(1));
  }

  /** The key that is printed at the first start. */
  public static String keyOf(JavaProcess gateway) {
    return gateway.awaitOutput(KEY).group(1);
  }
}

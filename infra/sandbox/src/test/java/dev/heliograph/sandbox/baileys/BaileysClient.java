package dev.heliograph.sandbox.baileys;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A Baileys client in a process of its own. Its credentials are in a folder, so a client that is
 * started again on the same one resumes. Tests that use it are skipped where Node.js is missing,
 * unless {@code HELIOGRAPH_CI=1}.
 */
public final class BaileysClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<JsonObject> events = new CopyOnWriteArrayList<>();
  private final Map<Integer, CompletableFuture<JsonObject>> calls = new ConcurrentHashMap<>();
  private final AtomicInteger lastCall = new AtomicInteger();

  private BaileysClient(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::listen);
  }

  /** Skips or fails the test if Baileys cannot run here. */
  public static void require() {
    NodeJs.require();
  }

  /** Starts a client, which connects, and goes on connecting until it is logged out or stopped. */
  public static BaileysClient start(URI webSocket, String rootKey, Path authFolder) {
    NodeJs.require();
    Path folder = NodeJs.install();
    JsonObject options =
        new JsonObject()
            .put("url", webSocket.toString())
            .put("rootKey", rootKey)
            .put("auth", authFolder.toAbsolutePath().toString())
            .put("level", System.getProperty("baileys.log", "silent"));
    try {
      return new BaileysClient(
          new ProcessBuilder("node", "client.mjs", options.encode())
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * A message that Baileys has shown its user.
   *
   * @param chat the JID of whom the conversation is with
   * @param chatAlt the same in the other addressing, if known
   * @param text null if there is none
   */
  public record Received(
      String id,
      String chat,
      @Nullable String chatAlt,
      boolean fromMe,
      @Nullable String text,
      boolean undecryptable,
      boolean offline) {}

  private void listen() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonObject object = new JsonObject(line);
        CompletableFuture<JsonObject> call = calls.remove(object.getInteger("answer", 0));
        if (call != null) {
          call.complete(object);
        } else {
          events.add(object);
        }
      }
    } catch (IOException ended) {
      // The process is gone, and so is whoever would ask.
      calls.values().forEach(call -> call.completeExceptionally(ended));
    }
  }

  private JsonObject call(String action, JsonObject given) {
    int number = lastCall.incrementAndGet();
    CompletableFuture<JsonObject> answered = new CompletableFuture<>();
    calls.put(number, answered);
    try {
      process
          .getOutputStream()
          .write(
              (given.put("call", number).put("do", action).encode() + "\n")
                  .getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    JsonObject answer = answered.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (answer.containsKey("error")) {
      throw new AssertionError("Baileys: " + answer.getString("error"));
    }
    return answer.getJsonObject("result");
  }

  private List<JsonObject> events(String name) {
    return events.stream().filter(event -> name.equals(event.getString("event"))).toList();
  }

  /** The text of the first QR code that it shows. */
  public String awaitQr() {
    Awaitility.await("a QR code").atMost(PATIENCE).until(() -> !events("qr").isEmpty());
    return events("qr").getLast().getString("qr");
  }

  /** Waits until it is logged in. */
  public void awaitOpen() {
    Awaitility.await("Baileys is open").atMost(PATIENCE).until(this::isOpen);
  }

  /** Whether the last that it said of its connection is that it is open. */
  public boolean isOpen() {
    return events.stream()
        .filter(event -> List.of("open", "close").contains(event.getString("event")))
        .reduce((first, second) -> second)
        .filter(event -> event.getString("event").equals("open"))
        .isPresent();
  }

  /** How often it has logged in. */
  public int timesOpen() {
    return events("open").size();
  }

  /** The status codes, Baileys' own numbers, of all its disconnections. */
  public List<Integer> closings() {
    return events("close").stream().map(event -> event.getInteger("status")).toList();
  }

  /**
   * Sends a text.
   *
   * @param to a phone number, or a JID
   * @return the message's id
   */
  public String send(String to, String text) {
    return call("send", new JsonObject().put("to", to).put("text", text)).getString("id");
  }

  public boolean exists(String msisdn) {
    return call("exists", new JsonObject().put("to", msisdn)).getBoolean("exists");
  }

  /** Marks a message as read. */
  public void read(Received message) {
    call("read", new JsonObject().put("chat", message.chat()).put("id", message.id()));
  }

  /**
   * Loses the Signal session with one device.
   *
   * @param jid such as {@code 123:1@lid}
   */
  public void forgetSession(String jid) {
    call("forgetSession", new JsonObject().put("jid", jid));
  }

  public void logout() {
    call("logout", new JsonObject());
  }

  /** All messages that it has shown, in order, own ones included. */
  public List<Received> received() {
    return events("message").stream()
        .map(
            event ->
                new Received(
                    event.getString("id"),
                    event.getString("chat"),
                    event.getString("chatAlt"),
                    event.getBoolean("fromMe"),
                    event.getString("text"),
                    event.getBoolean("undecryptable"),
                    event.getBoolean("offline")))
        .toList();
  }

  /** The texts that it has shown, those that it sent itself too, as often as it has shown them. */
  public List<String> texts() {
    return received().stream()
        .filter(message -> !message.undecryptable())
        .map(message -> String.valueOf(message.text()))
        .toList();
  }

  /**
   * The highest status of a message that it sent: 2 server, 3 delivered, 4 read; 0 if it has heard
   * nothing.
   */
  public int status(String messageId) {
    return events("receipt").stream()
        .filter(event -> messageId.equals(event.getString("id")))
        .mapToInt(event -> event.getInteger("status"))
        .max()
        .orElse(0);
  }

  /** Ends it at once, as a crash would. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends it and waits for its last writes. */
  @Override
  public void close() {
    if (process.isAlive()) {
      try {
        call("stop", new JsonObject());
      } catch (RuntimeException | AssertionError alreadyGone) {
        process.destroyForcibly();
      }
      process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }
}

package dev.heliograph.event;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Reads a stream of events as a customer's program does. */
public final class StreamClient implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration SOON = Duration.ofSeconds(20);

  private final HttpResponse<InputStream> response;
  private final List<List<String>> blocks = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private StreamClient(HttpResponse<InputStream> response) {
    this.response = response;
    Thread.ofVirtual().start(this::read);
  }

  /** Opens one; it may have been refused. */
  public static StreamClient open(URI url, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    headers.forEach(request::header);
    return new StreamClient(HTTP.send(request.build(), BodyHandlers.ofInputStream()));
  }

  private void read() {
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      List<String> block = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          blocks.add(List.copyOf(block));
          block.clear();
        } else {
          block.add(line);
        }
      }
      ended.complete(null);
    } catch (IOException cut) {
      ended.completeExceptionally(cut);
    }
  }

  /** How it was answered. */
  public HttpResponse<?> response() {
    return response;
  }

  /** What came between blank lines, line by line: the first says where the stream begins. */
  public List<List<String>> blocks() {
    return List.copyOf(blocks);
  }

  /** The blocks that are events. */
  public List<List<String>> events() {
    return blocks.stream().filter(block -> block.size() == 3).toList();
  }

  /** Their ids. */
  public List<Long> ids() {
    return events().stream().map(event -> Long.valueOf(event.getFirst().substring(4))).toList();
  }

  /** Waits for as many events, or more. */
  public StreamClient awaitEvents(int count) {
    await().atMost(SOON).until(() -> events().size() >= count);
    return this;
  }

  /** Waits until the stream begins, or has been refused. */
  public StreamClient awaitBegin() {
    await().atMost(SOON).until(() -> !blocks.isEmpty() || ended.isDone());
    return this;
  }

  /** Waits for its end, which must be one in good order. */
  public StreamClient awaitEnd() {
    ended.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    return this;
  }

  /** Leaves, as a program does that crashes. */
  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException gone) {
      // So it is.
    }
  }
}

package dev.heliograph.local.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A customer's program: the public API over HTTP, and nothing else. */
public final class ApiClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final int MOST_TRIES = 5;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI api;
  private final String key;

  public ApiClient(URI api, String key) {
    this.api = api;
    this.key = key;
  }

  /** An answer, whatever its status. */
  public record Answer(int status, JsonNode body) {
    /** The code of the error that it is. */
    public String error() {
      return body.path("error").path("code").asText();
    }
  }

  /**
   * Calls the API.
   *
   * @throws IOException if there is no answer: what was asked may have been done
   */
  Answer call(String method, String path, @Nullable JsonNode body) throws IOException {
    return callWith(method, path, body == null ? null : Json.write(body));
  }

  /** Calls the API with a body that need not be JSON. */
  Answer callWith(String method, String path, @Nullable String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      JsonNode answer = response.body().isEmpty() ? Json.object() : Json.read(response.body());
      return new Answer(response.statusCode(), answer);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private Answer call(String method, String path) throws IOException {
    return call(method, path, null);
  }

  /** The tables may stand still for longer than a function waits for them: asks again. */
  private Answer get(String path) throws IOException {
    Answer answer = call("GET", path);
    for (int tries = 1; answer.status() == 503 && tries < MOST_TRIES; tries++) {
      answer = call("GET", path);
    }
    return answer;
  }

  private static JsonNode expect(int status, Answer answer) {
    if (answer.status() != status) {
      throw new AssertionError("wanted " + status + " and got " + answer);
    }
    return answer.body();
  }

  /**
   * Creates an instance.
   *
   * @return its id
   */
  public String createInstance(String name) throws IOException {
    ObjectNode body = Json.object().put("name", name);
    return expect(201, call("POST", "/v1/instances", body)).path("id").asText();
  }

  Answer instance(String id) throws IOException {
    return get("/v1/instances/" + id);
  }

  public String status(String id) throws IOException {
    return expect(200, instance(id)).path("status").asText();
  }

  JsonNode instances() throws IOException {
    return expect(200, get("/v1/instances")).path("data");
  }

  Answer qr(String id) throws IOException {
    return get("/v1/instances/" + id + "/qr");
  }

  /** Asks for what is done later: {@code connect}, {@code disconnect} or {@code logout}. */
  void wish(String id, String wish) throws IOException {
    expect(202, call("POST", "/v1/instances/" + id + "/" + wish));
  }

  void delete(String id) throws IOException {
    expect(204, call("DELETE", "/v1/instances/" + id));
  }

  /** Sends a text; the reference makes a repeat the same message. */
  public Answer trySend(String id, String to, String text, String clientRef) throws IOException {
    ObjectNode body = Json.object().put("to", to).put("client_ref", clientRef);
    body.set("body", Json.object().put("type", "text").put("text", text));
    return call("POST", "/v1/instances/" + id + "/messages", body);
  }

  /**
   * Sends a text.
   *
   * @return the message's id
   */
  String send(String id, String to, String text, String clientRef) throws IOException {
    return expect(202, trySend(id, to, text, clientRef)).path("message_id").asText();
  }

  JsonNode message(String id, String message) throws IOException {
    return expect(200, get("/v1/instances/" + id + "/messages/" + message));
  }

  /**
   * Registers a webhook for every event.
   *
   * @return its secret
   */
  String createWebhook(URI url) throws IOException {
    ObjectNode body = Json.object().put("url", url.toString());
    return expect(201, call("POST", "/v1/webhooks", body)).path("secret").asText();
  }
}

package dev.heliograph.local;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** JSON over HTTP, as a customer's program would speak it. */
record Http(HttpClient client, URI base, String key) implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MOST_TRIES = 5;

  static Http at(URI base, String key) {
    return new Http(HttpClient.newHttpClient(), base, key);
  }

  JsonNode get(String path) throws Exception {
    return exchange("GET", path, BodyPublishers.noBody());
  }

  JsonNode post(String path, String body) throws Exception {
    return exchange("POST", path, BodyPublishers.ofString(body));
  }

  /** The text of an instance's QR code; asks again as long as there is none. */
  String awaitQr(String instance) {
    return await("a QR code")
        .atMost(PATIENCE)
        .ignoreException(IOException.class)
        .until(
            () -> get("/v1/instances/" + instance + "/qr").get("raw").asText(),
            raw -> !raw.isEmpty());
  }

  @Override
  public void close() {
    client.close();
  }

  private JsonNode exchange(String method, String path, BodyPublisher body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    for (int tries = 1; isWorthRepeating(method, response) && tries < MOST_TRIES; tries++) {
      response = client.send(request, BodyHandlers.ofString());
    }
    if (response.statusCode() >= 400) {
      throw new IOException(method + " " + path + ": " + response.statusCode());
    }
    return JSON.readTree(response.body());
  }

  /** The tables may stand still for longer than a function waits for them. */
  private static boolean isWorthRepeating(String method, HttpResponse<String> response) {
    return method.equals("GET") && response.statusCode() == 503;
  }
}

package dev.heliograph.whatsapp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** The fingers on the sandbox's phones. */
public final class ControlApi implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  public ControlApi(URI base) {
    this.base = base;
  }

  public void createPhone(String msisdn) {
    post("/phones", new JsonObject().put("msisdn", msisdn).put("push_name", "Phone " + msisdn));
  }

  public String lid(String msisdn) {
    return get("/phones/" + msisdn).getString("lid");
  }

  public void scan(String msisdn, String qr) {
    post("/phones/" + msisdn + "/scan", new JsonObject().put("qr", qr));
  }

  public String send(String from, String to, String text) {
    return post("/phones/" + from + "/messages", new JsonObject().put("to", to).put("text", text))
        .getString("id");
  }

  public void read(String msisdn, String messageId) {
    post("/phones/" + msisdn + "/messages/" + messageId + "/read", new JsonObject());
  }

  public List<JsonObject> messages(String msisdn) {
    return objects(get("/phones/" + msisdn + "/messages").getJsonArray("messages"));
  }

  public List<JsonObject> receipts(String msisdn) {
    return objects(get("/phones/" + msisdn + "/receipts").getJsonArray("receipts"));
  }

  public List<JsonObject> devices(String msisdn) {
    return objects(get("/phones/" + msisdn + "/devices").getJsonArray("devices"));
  }

  public void unlink(String msisdn, int device) {
    call(request("/phones/" + msisdn + "/devices/" + device).DELETE());
  }

  public void sendGarbage(String msisdn, int device) {
    post("/phones/" + msisdn + "/devices/" + device + "/garbage", new JsonObject());
  }

  private JsonObject get(String path) {
    return call(request(path).GET());
  }

  private JsonObject post(String path, JsonObject body) {
    return call(request(path).POST(BodyPublishers.ofString(body.encode())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).header("Content-Type", "application/json");
  }

  private JsonObject call(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
      return response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  @Override
  public void close() {
    http.close();
  }
}

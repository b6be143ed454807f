package dev.heliograph.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.OptionalInt;

/** The control API of a sandbox, for tests. */
public final class ControlClient {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI control;

  public ControlClient(URI control) {
    this.control = control;
  }

  /** An answer, whatever its status. */
  public record Answer(int status, JsonObject body) {}

  public Answer call(String method, String path, JsonObject body) {
    HttpRequest request =
        HttpRequest.newBuilder(control.resolve(path))
            .method(
                method,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), new JsonObject(response.body()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private JsonObject expect(int status, String method, String path, JsonObject body) {
    return checked(status, method + " " + path, call(method, path, body));
  }

  private static JsonObject checked(int status, String what, Answer answer) {
    if (answer.status() != status) {
      throw new AssertionError(what + ": " + answer.status() + " " + answer.body().encode());
    }
    return answer.body();
  }

  private JsonObject get(String path) {
    return expect(200, "GET", path, new JsonObject());
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /**
   * Makes a phone.
   *
   * @return its number
   */
  public String createPhone(String pushName) {
    return expect(201, "POST", "/phones", new JsonObject().put("push_name", pushName))
        .getString("msisdn");
  }

  public String lid(String msisdn) {
    return get("/phones/" + msisdn).getString("lid");
  }

  /**
   * Scans a QR code.
   *
   * @return the number of the device that it made
   */
  public int scan(String msisdn, String qr) {
    return expect(200, "POST", "/phones/" + msisdn + "/scan", new JsonObject().put("qr", qr))
        .getInteger("device");
  }

  /** The same; empty if nobody shows this code any more, but another one. */
  public OptionalInt scanIfShown(String msisdn, String qr) {
    Answer answer = call("POST", "/phones/" + msisdn + "/scan", new JsonObject().put("qr", qr));
    if (answer.status() == 404) return OptionalInt.empty();
    return OptionalInt.of(checked(200, "scan", answer).getInteger("device"));
  }

  /**
   * Sends a text from a phone.
   *
   * @return the message's id
   */
  public String send(String from, String to, String text) {
    return expect(
            201,
            "POST",
            "/phones/" + from + "/messages",
            new JsonObject().put("to", to).put("text", text))
        .getString("id");
  }

  /** Everything that decrypted at a phone, in order. */
  public List<JsonObject> messages(String msisdn) {
    return objects(get("/phones/" + msisdn + "/messages").getJsonArray("messages"));
  }

  public List<String> texts(String msisdn) {
    return messages(msisdn).stream().map(message -> message.getString("text")).toList();
  }

  public void read(String msisdn, String messageId) {
    expect(200, "POST", "/phones/" + msisdn + "/messages/" + messageId + "/read", new JsonObject());
  }

  public List<JsonObject> receipts(String msisdn) {
    return objects(get("/phones/" + msisdn + "/receipts").getJsonArray("receipts"));
  }

  public JsonObject stats(String msisdn) {
    return get("/phones/" + msisdn + "/stats");
  }

  public List<JsonObject> devices(String msisdn) {
    return objects(get("/phones/" + msisdn + "/devices").getJsonArray("devices"));
  }

  /** A linked companion of a phone. */
  public JsonObject device(String msisdn, int device) {
    return devices(msisdn).stream()
        .filter(each -> each.getInteger("device") == device)
        .findFirst()
        .orElseThrow();
  }

  /** The companions of all phones that are connected: their LID and device. */
  public List<JsonObject> connected() {
    return objects(get("/connected").getJsonArray("devices"));
  }

  /** The names of what a companion did wrong. */
  public List<String> defects(String msisdn, int device) {
    return objects(device(msisdn, device).getJsonArray("defects")).stream()
        .map(defect -> defect.getString("defect"))
        .distinct()
        .toList();
  }

  public void unlink(String msisdn, int device) {
    expect(200, "DELETE", "/phones/" + msisdn + "/devices/" + device, new JsonObject());
  }

  public void drop(String msisdn, int device) {
    act(msisdn, device, "drop", new JsonObject());
  }

  /** Does to a companion what the API calls {@code drop}, {@code end} or {@code garbage}. */
  public void act(String msisdn, int device, String action, JsonObject body) {
    expect(200, "POST", "/phones/" + msisdn + "/devices/" + device + "/" + action, body);
  }

  public void planFaults(JsonObject plan) {
    expect(200, "PUT", "/faults", plan);
  }

  public void planFaults(String msisdn, JsonObject plan) {
    expect(200, "PUT", "/phones/" + msisdn + "/faults", plan);
  }
}

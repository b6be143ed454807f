package dev.heliograph.sandbox.control;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;

/** What a call is answered with. */
public record Reply(int status, JsonObject body) {
  static Reply ok(JsonObject body) {
    return new Reply(200, body);
  }

  static Reply created(JsonObject body) {
    return new Reply(201, body);
  }

  CompletableFuture<Reply> now() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public String toString() {
    return "Reply[" + status + "]";
  }
}

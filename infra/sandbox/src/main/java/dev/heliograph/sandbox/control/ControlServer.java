package dev.heliograph.sandbox.control;

import dev.heliograph.sandbox.pairing.RefusedScanException;
import dev.heliograph.sandbox.store.Turns;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP and JSON around the routes. */
public final class ControlServer {
  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
  private static final int LARGEST_BODY = 1 << 20;

  private final Turns turns;
  private final String rootKey;
  private final List<Route> routes;

  public ControlServer(Turns turns, String rootKey, Collection<? extends Route.Group> groups) {
    this.turns = turns;
    this.rootKey = rootKey;
    this.routes = groups.stream().flatMap(group -> group.routes().stream()).toList();
  }

  /** Answers one HTTP request. */
  public void handle(HttpServerRequest http) {
    String path = Objects.requireNonNullElse(http.path(), "");
    if (path.equals("/root-key")) {
      http.response().putHeader("content-type", "text/plain").end(rootKey + "\n");
      return;
    }
    List<Buffer> received = new ArrayList<>();
    http.handler(
        part -> {
          if (received.stream().mapToInt(Buffer::length).sum() < LARGEST_BODY) {
            received.add(part);
          }
        });
    http.endHandler(
        end -> {
          Buffer body = Buffer.buffer();
          received.forEach(body::appendBuffer);
          answer(http.method().name(), path, body)
              .otherwise(ControlServer::refusal)
              .onSuccess(reply -> write(http, reply));
        });
  }

  private Future<Reply> answer(String method, String path, Buffer body) {
    Context context = Objects.requireNonNull(Vertx.currentContext());
    try {
      Map.Entry<Route, Map<String, String>> found = find(method, path);
      JsonObject json = parse(body);
      Request.refuseUnknown(json, found.getKey().fields());
      Route.Action action = found.getKey().action();
      return Future.fromCompletionStage(
          turns.ask(turn -> action.handle(new Request(turn, found.getValue(), json))), context);
    } catch (RefusedCallException refused) {
      return Future.failedFuture(refused);
    }
  }

  private Map.Entry<Route, Map<String, String>> find(String method, String path) {
    boolean pathExists = false;
    for (Route route : routes) {
      Optional<Map<String, String>> names = route.match(path);
      if (names.isPresent() && route.method().equals(method)) {
        return Map.entry(route, names.get());
      }
      pathExists |= names.isPresent();
    }
    throw pathExists
        ? new RefusedCallException(405, "method_not_allowed", method + " is not possible here")
        : new RefusedCallException(404, "path_not_found", "there is nothing at this path");
  }

  private static JsonObject parse(Buffer body) {
    if (body.length() == 0) {
      return new JsonObject();
    }
    try {
      return new JsonObject(body);
    } catch (DecodeException | ClassCastException notJson) {
      throw new RefusedCallException(400, "body_malformed", "the body is not a JSON object");
    }
  }

  private static Reply refusal(@Nullable Throwable failure) {
    return switch (failure) {
      case CompletionException wrapped -> refusal(wrapped.getCause());
      case RefusedCallException refused ->
          error(refused.status(), refused.code(), refused.explanation());
      case RefusedScanException refused ->
          error(
              status(refused.reason()),
              refused.reason().name().toLowerCase(Locale.ROOT),
              refused.getMessage() == null ? "" : refused.getMessage());
      case null, default -> {
        log.atError().setCause(failure).log("a call failed");
        yield error(500, "internal", "the sandbox failed; its log says how");
      }
    };
  }

  private static int status(RefusedScanException.Reason reason) {
    return switch (reason) {
      case QR_UNKNOWN -> 404;
      case QR_EXPIRED, QR_USED, COMPANION_GONE -> 409;
      case QR_MALFORMED, QR_FORGED, COMPANION_REFUSED, DEVICE_SIGNATURE_WRONG -> 422;
    };
  }

  private static Reply error(int status, String code, String message) {
    return new Reply(status, new JsonObject().put("error", code).put("message", message));
  }

  private static void write(HttpServerRequest http, Reply reply) {
    if (!http.response().closed()) {
      http.response()
          .setStatusCode(reply.status())
          .putHeader("content-type", "application/json")
          .end(reply.body().toBuffer().appendString("\n"));
    }
  }
}

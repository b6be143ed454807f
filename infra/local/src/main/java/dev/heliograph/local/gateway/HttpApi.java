package dev.heliograph.local.gateway;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.heliograph.local.function.LocalFunction;
import dev.heliograph.local.function.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * API Gateway's HTTP API with one route, {@code $default}, to one function: with its events, limits
 * and error bodies. It listens on loopback only.
 */
public final class HttpApi implements AutoCloseable {
  private static final int MAX_BODY = 10 * 1024 * 1024;
  private static final int MAX_HEADERS = 10_240;
  // Lambda's own limit for a call's payload; binary bodies reach it sooner, as they come in Base64.
  private static final int MAX_PAYLOAD = 6 * 1024 * 1024;

  private final LocalFunction<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> function;
  private final Map<String, Consumer<HttpServerRequest>> others;
  private final InstantSource clock;
  private final HttpServer server;

  private HttpApi(
      Vertx vertx,
      LocalFunction<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> function,
      Map<String, Consumer<HttpServerRequest>> others,
      InstantSource clock) {
    this.function = function;
    this.others = Map.copyOf(others);
    this.clock = clock;
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxInitialLineLength(MAX_HEADERS)
            .setHandle100ContinueAutomatically(true);
    server = vertx.createHttpServer(options).requestHandler(this::receive);
  }

  /**
   * Listens once the future completes.
   *
   * @param port 0 for any that is free
   * @param others what answers at paths that are not the gateway's, as with CloudFront before both
   */
  public static Future<HttpApi> start(
      Vertx vertx,
      int port,
      LocalFunction<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> function,
      Map<String, Consumer<HttpServerRequest>> others,
      InstantSource clock) {
    HttpApi api = new HttpApi(vertx, function, others, clock);
    return api.server.listen(port, "127.0.0.1").map(api);
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Accepts nothing more and lets what is being answered be answered. */
  @Override
  public void close() {
    server.shutdown(5, TimeUnit.SECONDS).await();
  }

  private void receive(HttpServerRequest request) {
    Consumer<HttpServerRequest> other = others.get(String.valueOf(request.path()));
    if (other != null) {
      other.accept(request);
    } else {
      toFunction(request);
    }
  }

  private void toFunction(HttpServerRequest request) {
    String requestId = UUID.randomUUID().toString();
    request.response().putHeader("apigw-requestid", requestId);
    BoundedBody.read(request, MAX_BODY)
        .map(body -> HttpApiEvent.of(request, body, requestId, clock.instant()))
        .compose(this::call)
        .onSuccess(outcome -> answer(request.response(), outcome))
        .onFailure(failure -> refuse(request.response(), failure));
  }

  private Future<Outcome<APIGatewayV2HTTPResponse>> call(APIGatewayV2HTTPEvent event) {
    if (event.getBody() != null && event.getBody().length() > MAX_PAYLOAD) {
      return Future.failedFuture(new BoundedBody.TooLongException());
    }
    Promise<Outcome<APIGatewayV2HTTPResponse>> outcome = Promise.promise();
    Thread.ofVirtual().start(() -> invoke(event, outcome));
    return outcome.future();
  }

  private void invoke(
      APIGatewayV2HTTPEvent event, Promise<Outcome<APIGatewayV2HTTPResponse>> outcome) {
    try {
      outcome.complete(function.invoke(event));
    } catch (InterruptedException interrupted) {
      outcome.fail(interrupted);
    }
  }

  private static void answer(
      HttpServerResponse response, Outcome<APIGatewayV2HTTPResponse> outcome) {
    switch (outcome) {
      case Outcome.Returned(APIGatewayV2HTTPResponse answer) when answer != null ->
          write(response, answer);
      case Outcome.Returned<?> _, Outcome.Failed<?> _ ->
          error(response, 500, "Internal Server Error");
      case Outcome.TimedOut<?> _ -> error(response, 503, "Service Unavailable");
    }
  }

  private static void refuse(HttpServerResponse response, Throwable failure) {
    switch (failure) {
      // What is still coming is not read, so the connection cannot serve another request.
      case BoundedBody.TooLongException _ ->
          error(response.putHeader("connection", "close"), 413, "Request Too Long");
      case IllegalArgumentException _ -> error(response, 400, "Bad Request");
      default -> error(response, 500, "Internal Server Error");
    }
  }

  private static void error(HttpServerResponse response, int status, String message) {
    response
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end("{\"message\":\"" + message + "\"}");
  }

  private static void write(HttpServerResponse response, APIGatewayV2HTTPResponse answer) {
    response.setStatusCode(answer.getStatusCode());
    orEmpty(answer.getHeaders()).forEach(response::putHeader);
    orEmpty(answer.getMultiValueHeaders()).forEach(response::putHeader);
    if (answer.getCookies() != null) response.putHeader("set-cookie", answer.getCookies());
    response.end(body(answer));
  }

  private static Buffer body(APIGatewayV2HTTPResponse answer) {
    if (answer.getBody() == null) return Buffer.buffer();
    return answer.getIsBase64Encoded()
        ? Buffer.buffer(Base64.getDecoder().decode(answer.getBody()))
        : Buffer.buffer(answer.getBody());
  }

  private static <V> Map<String, V> orEmpty(Map<String, V> headers) {
    return headers == null ? Map.of() : headers;
  }
}

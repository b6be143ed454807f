package dev.heliograph.bench.deployment;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stands between one worker and DynamoDB, and can make it a bad one. */
public final class DynamoDbProxy implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 500;
  private static final Set<String> WRITES =
      Stream.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
          .map("DynamoDB_20120810."::concat)
          .collect(Collectors.toSet());
  private static final Buffer THROTTLED =
      Buffer.buffer(
          """
          {"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",\
          "message":"The level of configured provisioned throughput for the table was exceeded."}\
          """);

  private final URI dynamoDb;
  private final HttpClient client;
  private final HttpServer server;
  private volatile @Nullable Snare snare;
  private volatile Forecast forecast = new Forecast(Weather.FAIR, 0, Promise.promise());

  /**
   * The weather, until it is over.
   *
   * @param share of the requests that meet it, from 0 to 1
   */
  private record Forecast(Weather weather, double share, Promise<Void> over) {
    Weather drawn() {
      return ThreadLocalRandom.current().nextDouble() < share ? weather : Weather.FAIR;
    }
  }

  /**
   * Lies in wait for a write.
   *
   * @param isDone whether it is done before the snare snaps
   */
  private record Snare(String about, AtomicInteger left, boolean isDone, Runnable snaps) {
    boolean catches(HttpServerRequest request, Buffer body) {
      return WRITES.contains(Objects.toString(request.getHeader("X-Amz-Target"), ""))
          && body.toString().contains(about)
          && left.decrementAndGet() == 0;
    }
  }

  private DynamoDbProxy(Vertx vertx, URI dynamoDb) {
    this.dynamoDb = dynamoDb;
    client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    server = vertx.createHttpServer().requestHandler(this::handle);
  }

  static DynamoDbProxy start(Vertx vertx, URI dynamoDb) {
    DynamoDbProxy proxy = new DynamoDbProxy(vertx, dynamoDb);
    proxy.server.listen(0, "127.0.0.1").await();
    return proxy;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Lets it be so, for this share of the requests, until it is told otherwise. */
  public void turn(Weather weather, double share) {
    Forecast before = forecast;
    forecast = new Forecast(weather, share, Promise.promise());
    before.over().complete();
  }

  /** Lets it answer again; what was held back is done now, late as it is. */
  public void clear() {
    turn(Weather.FAIR, 0);
  }

  /**
   * At the {@code nth} write from now on that names something: does it, or does not, and instead of
   * answering runs this.
   */
  public void atWrite(String about, int nth, boolean isDone, Runnable snaps) {
    snare = new Snare(about, new AtomicInteger(nth), isDone, snaps);
  }

  /**
   * Lies in wait no more.
   *
   * @return whether there has been no such write
   */
  public boolean disarm() {
    Snare armed = snare;
    snare = null;
    return armed != null && armed.left().get() > 0;
  }

  private void handle(HttpServerRequest request) {
    Forecast now = forecast;
    // Read in any case, or the connection could not be used again.
    Future<Buffer> body = request.body();
    Future<Void> done =
        switch (now.drawn()) {
          case FAIR -> body.compose(read -> answerUnlessCaught(request, read));
          case THROTTLED -> body.compose(_ -> throttle(request.response()));
          case ANSWERS_LOST ->
              body.compose(read -> ask(request, read)).compose(_ -> request.connection().close());
          case STALLED ->
              body.compose(read -> now.over().future().compose(_ -> answer(request, read)));
        };
    // Who asked has gone, or DynamoDB is not there: either way there is nobody to tell.
    done.onFailure(_ -> request.connection().close());
  }

  private Future<Void> answerUnlessCaught(HttpServerRequest request, Buffer body) {
    Snare armed = snare;
    if (armed == null || !armed.catches(request, body)) {
      return answer(request, body);
    }
    Future<?> done = armed.isDone() ? ask(request, body) : Future.succeededFuture();
    return done.compose(
        _ -> {
          armed.snaps().run();
          return request.connection().close();
        });
  }

  private static Future<Void> throttle(HttpServerResponse response) {
    return response
        .setStatusCode(400)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-amz-json-1.0")
        .end(THROTTLED);
  }

  private Future<Void> answer(HttpServerRequest request, Buffer body) {
    return ask(request, body).compose(answer -> answer.to(request.response()));
  }

  private Future<Answer> ask(HttpServerRequest request, Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(dynamoDb.getHost())
            .setPort(dynamoDb.getPort())
            .setURI(request.uri())
            .setHeaders(endToEnd(request.headers()));
    return client
        .request(options)
        .compose(asked -> asked.send(body))
        .compose(
            answered ->
                answered
                    .body()
                    .map(read -> new Answer(answered.statusCode(), answered.headers(), read)));
  }

  private record Answer(int status, MultiMap headers, Buffer body) {
    Future<Void> to(HttpServerResponse response) {
      response.setStatusCode(status).headers().addAll(endToEnd(headers));
      return response.end(body);
    }
  }

  /** Without what is about one connection. */
  private static MultiMap endToEnd(MultiMap headers) {
    return MultiMap.caseInsensitiveMultiMap()
        .addAll(headers)
        .remove(HttpHeaders.CONNECTION)
        .remove(HttpHeaders.TRANSFER_ENCODING)
        .remove(HttpHeaders.CONTENT_LENGTH)
        .remove(HttpHeaders.EXPECT);
  }

  @Override
  public void close() {
    clear();
    server.close().await();
    client.close().await();
  }
}

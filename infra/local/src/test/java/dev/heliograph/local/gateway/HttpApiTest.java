package dev.heliograph.local.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.heliograph.local.function.LocalFunction;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpApiTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<APIGatewayV2HTTPEvent> events = new LinkedBlockingQueue<>();
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void stop() {
    client.close();
    vertx.close().await();
  }

  @Test
  void aRequestBecomesAnEventInFormat2() throws Exception {
    HttpApi api = start(this::answerOk);

    send(
        request(api, "/v1/instances/a%20b+c?limit=5&tag=x&tag=y%2Fz")
            .header("Authorization", "Bearer abc")
            .header("X-Many", "one")
            .header("X-Many", "two")
            .header("Cookie", "a=1; b=2")
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(BodyPublishers.ofString("{\"name\":\"é\"}")));

    APIGatewayV2HTTPEvent event = events.take();
    assertThat(event.getVersion()).isEqualTo("2.0");
    assertThat(event.getRouteKey()).isEqualTo("$default");
    assertThat(event.getRawPath()).isEqualTo("/v1/instances/a b+c");
    assertThat(event.getRawQueryString()).isEqualTo("limit=5&tag=x&tag=y%2Fz");
    assertThat(event.getQueryStringParameters())
        .containsExactlyInAnyOrderEntriesOf(Map.of("limit", "5", "tag", "x,y/z"));
    assertThat(event.getHeaders())
        .containsEntry("authorization", "Bearer abc")
        .containsEntry("x-many", "one,two")
        .containsEntry("x-forwarded-for", "127.0.0.1")
        .doesNotContainKey("cookie");
    assertThat(event.getCookies()).containsExactly("a=1", "b=2");
    assertThat(event.getBody()).isEqualTo("{\"name\":\"é\"}");
    assertThat(event.getIsBase64Encoded()).isFalse();
    assertThat(event.getRequestContext().getHttp().getMethod()).isEqualTo("POST");
    assertThat(event.getRequestContext().getHttp().getPath()).isEqualTo("/v1/instances/a b+c");
    assertThat(event.getRequestContext().getHttp().getSourceIp()).isEqualTo("127.0.0.1");
    assertThat(event.getRequestContext().getTime()).isEqualTo("04/Mar/2026:05:06:07 +0000");
    assertThat(event.getRequestContext().getTimeEpoch()).isEqualTo(NOW.toEpochMilli());
    assertThat(event.getRequestContext().getRequestId()).isNotBlank();
  }

  @Test
  void whatIsNotThereIsNull() throws Exception {
    HttpApi api = start(this::answerOk);

    send(request(api, "/").GET());

    APIGatewayV2HTTPEvent event = events.take();
    assertThat(event.getRawQueryString()).isEmpty();
    assertThat(event.getQueryStringParameters()).isNull();
    assertThat(event.getCookies()).isNull();
    assertThat(event.getBody()).isNull();
  }

  @Test
  void bytesTravelInBase64BothWays() throws Exception {
    byte[] bytes = {(byte) 0xff, 0, (byte) 0xd8, 13, 10};
    HttpApi api =
        start(
            (event, context) ->
                APIGatewayV2HTTPResponse.builder()
                    .withStatusCode(200)
                    .withHeaders(Map.of("content-type", "image/png"))
                    .withIsBase64Encoded(event.getIsBase64Encoded())
                    .withBody(event.getBody())
                    .build());

    var response =
        client.send(
            request(api, "/")
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofByteArray(bytes))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(response.body()).isEqualTo(bytes);
    assertThat(response.headers().firstValue("content-type")).hasValue("image/png");
  }

  @Test
  void anAnswerKeepsItsStatusHeadersAndCookies() throws Exception {
    HttpApi api =
        start(
            (event, context) ->
                APIGatewayV2HTTPResponse.builder()
                    .withStatusCode(409)
                    .withHeaders(Map.of("Retry-After", "3"))
                    .withCookies(List.of("a=1", "b=2"))
                    .withBody("no")
                    .build());

    HttpResponse<String> response = send(request(api, "/").GET());

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.headers().firstValue("retry-after")).hasValue("3");
    assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(response.body()).isEqualTo("no");
  }

  @Test
  void aFunctionThatThrowsIsAnInternalServerError() throws Exception {
    HttpApi api =
        start(
            (event, context) -> {
              throw new IllegalStateException("a defect");
            });

    HttpResponse<String> response = send(request(api, "/").GET());

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
  }

  @Test
  void aFunctionThatIsTooSlowIsUnavailable() throws Exception {
    HttpApi api = start(this::waitForever, Duration.ofMillis(50));

    HttpResponse<String> response = send(request(api, "/").GET());

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("{\"message\":\"Service Unavailable\"}");
  }

  @Test
  void moreThanTenMegabytesAreTooLong() throws Exception {
    HttpApi api = start(this::answerOk);

    HttpResponse<String> response = post(api, "text/plain", 10 * 1024 * 1024 + 1);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).isEqualTo("{\"message\":\"Request Too Long\"}");
    assertThat(events).isEmpty();
  }

  @Test
  void whatLambdaWouldNotTakeIsTooLong() throws Exception {
    HttpApi api = start(this::answerOk);

    int fiveMegabytes = 5 * 1024 * 1024;
    assertThat(post(api, "text/plain", fiveMegabytes).statusCode()).isEqualTo(200);
    assertThat(post(api, "image/png", fiveMegabytes).statusCode()).isEqualTo(413);
  }

  @Test
  void aRequestWithAMalformedQueryIsTheClientsFault() throws Exception {
    HttpApi api = start(this::answerOk);

    assertThat(statusOf(api, "GET /?a=%zz HTTP/1.1")).isEqualTo("HTTP/1.1 400 Bad Request");
  }

  private APIGatewayV2HTTPResponse answerOk(APIGatewayV2HTTPEvent event, Context context) {
    events.add(event);
    return APIGatewayV2HTTPResponse.builder().withStatusCode(200).build();
  }

  private APIGatewayV2HTTPResponse waitForever(APIGatewayV2HTTPEvent event, Context context) {
    try {
      never.await();
    } catch (InterruptedException timedOut) {
      Thread.currentThread().interrupt();
    }
    return APIGatewayV2HTTPResponse.builder().withStatusCode(200).build();
  }

  private HttpApi start(RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler) {
    return start(handler, Duration.ofSeconds(30));
  }

  private HttpApi start(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler, Duration timeout) {
    var function = new LocalFunction<>("api", handler, timeout);
    return HttpApi.start(vertx, 0, function, Map.of(), InstantSource.fixed(NOW)).await();
  }

  private HttpResponse<String> post(HttpApi api, String type, int length) throws Exception {
    return send(
        request(api, "/")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(new byte[length])));
  }

  private static HttpRequest.Builder request(HttpApi api, String pathAndQuery) {
    return HttpRequest.newBuilder(api.endpoint().resolve(pathAndQuery))
        .version(HttpClient.Version.HTTP_1_1);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** For what a well-behaved client would not send. */
  private static String statusOf(HttpApi api, String requestLine) throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), api.endpoint().getPort())) {
      socket
          .getOutputStream()
          .write((requestLine + "\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
          .readLine();
    }
  }
}

package dev.heliograph.local.gateway;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request as API Gateway's HTTP API hands it to a function, in payload format 2.0. */
final class HttpApiEvent {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Set<String> TEXT =
      Set.of("application/json", "application/javascript", "application/xml");

  private final HttpServerRequest request;

  private HttpApiEvent(HttpServerRequest request) {
    this.request = request;
  }

  /** The event for a request whose body has been read. */
  static APIGatewayV2HTTPEvent of(
      HttpServerRequest request, Buffer body, String requestId, Instant now) {
    HttpApiEvent event = new HttpApiEvent(request);
    boolean binary = body.length() > 0 && !event.isText();
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey("$default")
        .withRawPath(event.path())
        .withRawQueryString(request.query() == null ? "" : request.query())
        .withCookies(event.cookies())
        .withHeaders(event.headers())
        .withQueryStringParameters(event.query())
        .withRequestContext(event.context(requestId, now))
        .withBody(body.length() == 0 ? null : text(body, binary))
        .withIsBase64Encoded(binary)
        .build();
  }

  /**
   * Decoded, unlike in a REST API's event, and cut at a question mark that the decoding brings out.
   */
  private String path() {
    String raw = request.path();
    if (raw == null) throw new IllegalArgumentException("a request without a path");
    // Unlike in a query, a plus sign in a path is one.
    String decoded = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    int question = decoded.indexOf('?');
    return question < 0 ? decoded : decoded.substring(0, question);
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach((name, value) -> append(headers, name.toLowerCase(Locale.ROOT), value));
    headers.remove("cookie");
    append(headers, "x-forwarded-for", request.remoteAddress().hostAddress());
    headers.put("x-forwarded-proto", "http");
    headers.put("x-forwarded-port", Integer.toString(request.localAddress().port()));
    return headers;
  }

  private @Nullable List<String> cookies() {
    List<String> cookies = new ArrayList<>();
    for (String header : request.headers().getAll("cookie")) {
      cookies.addAll(List.of(header.split("; *")));
    }
    return cookies.isEmpty() ? null : cookies;
  }

  private @Nullable Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    request.params(true).forEach((name, value) -> append(query, name, value));
    return query.isEmpty() ? null : query;
  }

  private static void append(Map<String, String> values, String name, String value) {
    values.merge(name, value, (earlier, later) -> earlier + "," + later);
  }

  private RequestContext context(String requestId, Instant now) {
    String host = request.getHeader("host");
    return RequestContext.builder()
        .withAccountId("000000000000")
        .withApiId("local")
        .withDomainName(host)
        .withDomainPrefix("local")
        .withRouteKey("$default")
        .withStage("$default")
        .withRequestId(requestId)
        .withTime(TIME.format(now))
        .withTimeEpoch(now.toEpochMilli())
        .withHttp(
            RequestContext.Http.builder()
                .withMethod(request.method().name())
                .withPath(path())
                .withProtocol(request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1")
                .withSourceIp(request.remoteAddress().hostAddress())
                .withUserAgent(request.getHeader("user-agent"))
                .build())
        .build();
  }

  /** A body of any other type, a form's too, comes in Base64. */
  private boolean isText() {
    String type = request.getHeader("content-type");
    if (type == null) return false;
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return media.startsWith("text/") || TEXT.contains(media);
  }

  private static String text(Buffer body, boolean binary) {
    return binary
        ? Base64.getEncoder().encodeToString(body.getBytes())
        : body.toString(StandardCharsets.UTF_8);
  }
}

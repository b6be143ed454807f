package dev.heliograph.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the routes see it.
 *
 * @param path decoded, without the query
 * @param headers by lower-case name
 * @param body empty if there is none
 * @param requestId the gateway's, to be found in its log and in an error's body
 */
record ApiRequest(
    String method, String path, Map<String, String> headers, String body, String requestId) {
  static final int MAX_BODY_BYTES = 1024 * 1024;

  /** Reads an event of the payload format 2.0. */
  static ApiRequest of(APIGatewayV2HTTPEvent event) {
    return new ApiRequest(
        event.getRequestContext().getHttp().getMethod(),
        event.getRawPath(),
        lowerCased(event.getHeaders()),
        body(event),
        event.getRequestContext().getRequestId());
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Headers and body may hold secrets and content. */
  @Override
  public String toString() {
    return "ApiRequest[%s, %s]".formatted(method, requestId);
  }

  private static Map<String, String> lowerCased(Map<String, String> headers) {
    Map<String, String> lowerCased = new HashMap<>();
    if (headers != null) {
      headers.forEach((name, value) -> lowerCased.put(name.toLowerCase(Locale.ROOT), value));
    }
    return lowerCased;
  }

  private static String body(APIGatewayV2HTTPEvent event) {
    if (event.getBody() == null) {
      return "";
    }
    byte[] bytes =
        event.getIsBase64Encoded()
            ? Base64.getDecoder().decode(event.getBody())
            : event.getBody().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_BODY_BYTES) {
      throw ApiException.tooLarge(MAX_BODY_BYTES);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ApiException.badRequest("malformed_json", "The body is not UTF-8.");
    }
  }
}

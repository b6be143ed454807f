package dev.heliograph.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON trees. Shapes are built and read by hand, in one place each, so that a
 * renamed record component changes nothing that a customer sees.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          // One of two equal names would win silently.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          // 2.50 is given back as it came.
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          // The text of a message must not appear in the message of an exception.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
          .build();

  private Json() {}

  /** An empty object; its fields are written in the order in which they are put. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Without white space. */
  public static String write(JsonNode json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /**
   * Reads one value.
   *
   * @throws MalformedJsonException if {@code text} is anything else; it does not quote the text
   */
  public static JsonNode read(String text) {
    try {
      JsonNode json = MAPPER.readTree(text);
      if (json.isMissingNode()) {
        throw new MalformedJsonException("there is no JSON value");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw malformed(e.getLocation());
    } catch (NumberFormatException exponent) {
      // Not one of Jackson's own, and it quotes the number.
      throw new MalformedJsonException("a number has an exponent that is too big");
    }
  }

  private static MalformedJsonException malformed(@Nullable JsonLocation location) {
    return location == null
        ? new MalformedJsonException("nested too deeply, or a number or name too long")
        : new MalformedJsonException(
            "not JSON at line %d, column %d"
                .formatted(location.getLineNr(), location.getColumnNr()));
  }
}

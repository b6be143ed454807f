package dev.heliograph.sandbox.control;

import dev.heliograph.sandbox.store.Turn;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A call of the control API.
 *
 * @param path what stands where the route has a name in braces
 */
public record Request(Turn turn, Map<String, String> path, JsonObject body) {
  String path(String name) {
    return path.getOrDefault(name, "");
  }

  int number(String name) {
    try {
      return Integer.parseInt(path(name));
    } catch (NumberFormatException notANumber) {
      throw new RefusedCallException(400, name + "_malformed", name + " must be a number");
    }
  }

  String requireText(String name) {
    return text(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(
            () -> new RefusedCallException(400, "field_missing", "\"" + name + "\" is missing"));
  }

  Optional<String> text(String name) {
    return field(name, String.class, "a string");
  }

  Optional<Boolean> flag(String name) {
    return field(name, Boolean.class, "true or false");
  }

  Optional<Integer> count(String name) {
    Optional<Number> number = field(name, Number.class, "a number");
    if (number.isPresent() && number.get().intValue() < 0) {
      throw malformed(name, "a number from 0 on");
    }
    return number.map(Number::intValue);
  }

  Optional<Double> probability(String name) {
    Optional<Double> number = field(name, Number.class, "a number").map(Number::doubleValue);
    if (number.isPresent() && !(number.get() >= 0 && number.get() <= 1)) {
      throw malformed(name, "a number from 0 to 1");
    }
    return number;
  }

  Optional<Request> object(String name, Set<String> fields) {
    Optional<JsonObject> object = field(name, JsonObject.class, "an object");
    object.ifPresent(inner -> refuseUnknown(inner, fields));
    return object.map(inner -> new Request(turn, path, inner));
  }

  /** What is misspelt would count as not said, without a word. */
  static void refuseUnknown(JsonObject body, Set<String> fields) {
    for (String name : body.fieldNames()) {
      if (!fields.contains(name)) {
        throw new RefusedCallException(
            400, "field_unknown", "\"" + name + "\" is not a field of this call");
      }
    }
  }

  private <T> Optional<T> field(String name, Class<T> type, String what) {
    Object value = body.getValue(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw malformed(name, what);
    }
    return Optional.of(type.cast(value));
  }

  private static RefusedCallException malformed(String name, String what) {
    return new RefusedCallException(400, "field_malformed", "\"" + name + "\" must be " + what);
  }

  @Override
  public String toString() {
    return "Request[redacted]";
  }
}

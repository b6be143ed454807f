package dev.heliograph.event;

import dev.heliograph.api.ApiException;
import dev.heliograph.api.NotFound;
import dev.heliograph.instance.InstanceId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a stream is asked for.
 *
 * @param after the sequence of the last event that the caller has; null for whatever is the last
 */
record StreamRequest(InstanceId instance, @Nullable Long after) {
  private static final String INSTANCE = "instance_id";
  private static final String AFTER = "after";
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final Set<String> PARAMETERS = Set.of(INSTANCE, AFTER);
  private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");

  /**
   * Reads a request's query and headers.
   *
   * @throws ApiException if they are not as they have to be
   */
  static StreamRequest of(HttpServerRequest request) {
    MultiMap query = query(request);
    for (String name : query.names()) {
      if (!PARAMETERS.contains(name)) {
        throw ApiException.invalidParameter(name, "is not a parameter of this request");
      }
    }
    String instance = only(INSTANCE, query.getAll(INSTANCE));
    if (instance == null) {
      throw ApiException.invalidParameter(INSTANCE, "is required");
    }
    Long after = sequence(AFTER, query.getAll(AFTER));
    // A client that comes again does so by the same URL, and knows better by then.
    Long last = sequence(LAST_EVENT_ID, request.headers().getAll(LAST_EVENT_ID));
    return new StreamRequest(
        InstanceId.parse(instance).orElseThrow(NotFound::instance), last == null ? after : last);
  }

  private static MultiMap query(HttpServerRequest request) {
    try {
      return request.params();
    } catch (IllegalArgumentException undecodable) {
      throw ApiException.badRequest("malformed_query", "The query is not URL-encoded.");
    }
  }

  private static @Nullable String only(String name, List<String> values) {
    if (values.size() > 1) {
      throw ApiException.invalidParameter(name, "must be there once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private static @Nullable Long sequence(String name, List<String> values) {
    String value = only(name, values);
    if (value == null) {
      return null;
    }
    if (!SEQUENCE.matcher(value).matches()) {
      throw ApiException.invalidParameter(name, "must be an event's sequence, or 0");
    }
    return Long.valueOf(value);
  }
}

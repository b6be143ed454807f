package dev.heliograph.local.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What Lambda calls functions with, as the JSON that it sends. */
public final class Events {
  private Events() {}

  /** A request to the HTTP API, payload format 2.0. */
  public static String http(String key, String method, String path, @Nullable JsonNode body) {
    ObjectNode event = Json.object().put("version", "2.0").put("routeKey", "$default");
    event.put("rawPath", path).put("rawQueryString", "").put("isBase64Encoded", false);
    event
        .putObject("headers")
        .put("authorization", "Bearer " + key)
        .put("content-type", "application/json");
    ObjectNode context = event.putObject("requestContext").put("requestId", "request-1");
    context.putObject("http").put("method", method).put("path", path);
    if (body != null) event.put("body", Json.write(body));
    return Json.write(event);
  }

  /** An entry of the journal with one event about its instance. */
  public static String stream(String instance, String customer, String type) {
    String event =
        """
        {"id":"evt_01ARZ3NDEKTSV4RRFFQ69G5FAY","type":"%s","timestamp":"2026-05-01T12:34:56.789Z",\
        "schema_version":1,"instance_id":"%s","customer_id":"%s","sequence":1,"data":{}}\
        """
            .formatted(type, instance, customer);
    ObjectNode stream = Json.object();
    ObjectNode record = stream.putArray("Records").addObject();
    record.put("eventID", "1").put("eventName", "INSERT").put("eventSource", "aws:dynamodb");
    record.put("awsRegion", "us-east-1");
    ObjectNode change = record.putObject("dynamodb");
    key(change.putObject("Keys"), instance);
    ObjectNode image = key(change.putObject("NewImage"), instance);
    image.putObject("customer").put("S", customer);
    image.putObject("at").put("N", String.valueOf(Instant.now().toEpochMilli()));
    image.putObject("events").putArray("L").addObject().put("S", event);
    change.put("SequenceNumber", "100000000000000000001").put("StreamViewType", "NEW_IMAGE");
    return Json.write(stream);
  }

  private static ObjectNode key(ObjectNode item, String instance) {
    item.putObject("instance").put("S", instance);
    item.putObject("seq").put("N", "1");
    return item;
  }

  /** A message of a queue. */
  public static String queue(String body) {
    ObjectNode queue = Json.object();
    queue
        .putArray("Records")
        .addObject()
        .put("messageId", "059f36b4-87a3-44ab-83d2-661975830a7d")
        .put("receiptHandle", "handle")
        .put("body", body)
        .put("eventSource", "aws:sqs")
        .put("awsRegion", "us-east-1");
    return Json.write(queue);
  }
}

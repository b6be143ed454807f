package dev.heliograph.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Holds a stored item against the file that says what it looks like, as DynamoDB's own JSON with
 * its attributes in the order of the alphabet. What earlier versions have stored looks like that:
 * who changes a file has to say how their items are read.
 */
public final class GoldenItems {
  private GoldenItems() {}

  /**
   * Compares the item of a key.
   *
   * @param file a resource beside the test, without {@code .json}
   * @param drawn attributes that are another one each time: only their type is compared
   */
  public static void check(
      Class<?> test,
      String file,
      LocalDynamoDb dynamoDb,
      TableDefinition table,
      Map<String, AttributeValue> key,
      String... drawn) {
    Map<String, AttributeValue> item =
        dynamoDb
            .client()
            .getItem(get -> get.tableName(dynamoDb.name(table)).key(key).consistentRead(true))
            .item();
    ObjectNode json = toJson(item);
    for (String name : drawn) {
      String type = json.get(name).fieldNames().next();
      json.set(name, Json.object().put(type, "…"));
    }
    assertThat(json.toPrettyString()).isEqualTo(golden(test, file).toPrettyString());
  }

  /** Puts the item of a file, of strings and numbers alone, as the version did that wrote it. */
  public static void put(
      Class<?> test, String file, LocalDynamoDb dynamoDb, TableDefinition table) {
    Map<String, AttributeValue> item = new TreeMap<>();
    golden(test, file)
        .properties()
        .forEach(
            attribute -> {
              JsonNode value = attribute.getValue();
              item.put(
                  attribute.getKey(),
                  value.has("N")
                      ? AttributeValue.fromN(value.get("N").asText())
                      : AttributeValue.fromS(value.get("S").asText()));
            });
    dynamoDb.client().putItem(put -> put.tableName(dynamoDb.name(table)).item(item));
  }

  private static JsonNode golden(Class<?> test, String file) {
    try (var in = test.getResourceAsStream(file + ".json")) {
      assertThat(in).as(file).isNotNull();
      return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode toJson(Map<String, AttributeValue> item) {
    ObjectNode json = Json.object();
    new TreeMap<>(item).forEach((name, value) -> json.set(name, toJson(value)));
    return json;
  }

  private static ObjectNode toJson(AttributeValue value) {
    return switch (value.type()) {
      case S -> Json.object().put("S", value.s());
      case N -> Json.object().put("N", value.n());
      case B -> Json.object().put("B", Base64.getEncoder().encodeToString(value.b().asByteArray()));
      case M -> Json.object().set("M", toJson(value.m()));
      case L -> {
        ArrayNode list = Json.object().arrayNode();
        value.l().forEach(element -> list.add(toJson(element)));
        yield Json.object().set("L", list);
      }
      default -> throw new IllegalArgumentException("no table of ours has a " + value.type());
    };
  }
}

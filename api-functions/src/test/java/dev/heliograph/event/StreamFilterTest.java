package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.account.CustomerId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Journal;
import dev.heliograph.json.Json;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import dev.heliograph.template.Template;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/** The filter of the stream's mapping, held against what the stream really brings. */
class StreamFilterTest {
  private static final JsonNode PATTERN =
      Json.read(
          Template.read()
              .event(EventFanoutHandler.class)
              .at("/FilterCriteria/Filters/0/Pattern")
              .asText());

  private static final InstanceId INSTANCE = InstanceId.draw(IdGenerator.random());
  private static final CustomerId CUSTOMER = CustomerId.draw(IdGenerator.random());

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.JOURNAL);

  @Test
  void entriesWithEventsPassAndNothingElseDoes() {
    put(entry(1, List.of("{}")));
    put(entry(2, List.of()));
    put(entry(3, List.of("{}", "{}")));
    journal().put(new Checkpoint(INSTANCE, 1, "{}"));
    journal().put(new Checkpoint(INSTANCE, 3, "{}"));
    delete(0);
    delete(1); // as what has expired

    List<JsonNode> records = records();

    assertThat(records)
        .extracting(record -> record.get("eventName").asText())
        .containsExactly("INSERT", "INSERT", "INSERT", "INSERT", "MODIFY", "REMOVE", "REMOVE");
    assertThat(records)
        .extracting(record -> matches(PATTERN, record))
        .containsExactly(true, false, true, false, false, false, false);
  }

  private Journal journal() {
    return new Journal(dynamoDb.client(), dynamoDb.prefix());
  }

  private void put(Entry entry) {
    assertThat(journal().put(entry)).isEmpty();
  }

  /** One with all that an entry can have. */
  private static Entry entry(long seq, List<String> events) {
    return new Entry(
        INSTANCE,
        seq,
        "entry-" + seq,
        CUSTOMER,
        Instant.EPOCH,
        "pairing",
        events,
        "[]",
        SdkBytes.fromUtf8String("sealed"));
  }

  private void delete(long seq) {
    dynamoDb
        .client()
        .deleteItem(
            delete ->
                delete
                    .tableName(dynamoDb.name(Tables.JOURNAL))
                    .key(
                        Map.of(
                            Journal.INSTANCE, AttributeValue.fromS(INSTANCE.value()),
                            Journal.SEQ, AttributeValue.fromN(Long.toString(seq)))));
  }

  /** In the form in which Lambda compares them. */
  private List<JsonNode> records() {
    String table = dynamoDb.name(Tables.JOURNAL);
    String stream =
        dynamoDb.client().describeTable(it -> it.tableName(table)).table().latestStreamArn();
    return dynamoDb
        .streams()
        .describeStream(it -> it.streamArn(stream))
        .streamDescription()
        .shards()
        .stream()
        .map(
            shard ->
                dynamoDb
                    .streams()
                    .getShardIterator(
                        it ->
                            it.streamArn(stream)
                                .shardId(shard.shardId())
                                .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator())
        .flatMap(at -> dynamoDb.streams().getRecords(it -> it.shardIterator(at)).records().stream())
        .map(StreamFilterTest::toJson)
        .toList();
  }

  private static JsonNode toJson(Record record) {
    ObjectNode json = Json.object().put("eventName", record.eventNameAsString());
    ObjectNode change = json.putObject("dynamodb");
    change.set("Keys", toJson(record.dynamodb().keys()));
    if (record.dynamodb().hasNewImage()) {
      change.set("NewImage", toJson(record.dynamodb().newImage()));
    }
    return json;
  }

  private static ObjectNode toJson(Map<String, AttributeValue> item) {
    ObjectNode json = Json.object();
    item.forEach((name, value) -> json.set(name, toJson(value)));
    return json;
  }

  private static ObjectNode toJson(AttributeValue value) {
    ObjectNode json = Json.object();
    switch (value.type()) {
      case S -> json.put("S", value.s());
      case N -> json.put("N", value.n());
      case B -> json.put("B", value.b().asByteArray());
      case L -> {
        ArrayNode elements = json.putArray("L");
        value.l().forEach(element -> elements.add(toJson(element)));
      }
      default -> throw new IllegalArgumentException("no entry has a " + value.type());
    }
    return json;
  }

  /**
   * What Lambda's patterns mean, as far as ours goes: a list says what a leaf may be, and of a
   * list's elements one has to match.
   */
  private static boolean matches(JsonNode pattern, JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().anyMatch(element -> matches(pattern, element));
    }
    if (pattern.isArray()) {
      return pattern.valueStream().anyMatch(allowed -> allows(allowed, value));
    }
    return pattern
        .propertyStream()
        .allMatch(field -> matches(field.getValue(), value.path(field.getKey())));
  }

  /** Whether there is a leaf: what lies between the root and the leaves does not "exist". */
  private static boolean allows(JsonNode allowed, JsonNode value) {
    assertThat(allowed).isEqualTo(Json.read("{\"exists\":true}"));
    return value.isValueNode();
  }
}

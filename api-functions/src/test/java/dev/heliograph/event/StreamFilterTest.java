package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.account.CustomerId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Journal;
import dev.heliograph.json.Json;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import dev.heliograph.template.Template;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

  @RegisterExtension
  final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.JOURNAL, Tables.INSTANCES);

  @Test
  void entriesPassAndNothingElseDoes() {
    var _ = new JournalStream(dynamoDb, CustomerId.draw(IdGenerator.random()));
    InstanceId other = InstanceId.draw(IdGenerator.random());
    Journal journal = new Journal(dynamoDb.client(), dynamoDb.prefix());
    journal.put(new Checkpoint(other, 1, "{}"));
    journal.put(new Checkpoint(other, 2, "{}"));
    dynamoDb
        .client()
        .deleteItem(
            delete ->
                delete
                    .tableName(dynamoDb.name(Tables.JOURNAL))
                    .key(
                        Map.of(
                            "instance", AttributeValue.fromS(other.value()),
                            "seq", AttributeValue.fromN("0"))));

    List<JsonNode> records = records();

    assertThat(records)
        .extracting(record -> record.get("eventName").asText())
        .containsExactly("INSERT", "INSERT", "MODIFY", "REMOVE");
    assertThat(records)
        .extracting(record -> matches(PATTERN, record))
        .containsExactly(true, false, false, false);
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
    ObjectNode keys = json.putObject("dynamodb").putObject("Keys");
    record
        .dynamodb()
        .keys()
        .forEach(
            (name, value) -> {
              ObjectNode typed = keys.putObject(name);
              if (value.n() == null) {
                typed.put("S", value.s());
              } else {
                typed.put("N", value.n());
              }
            });
    return json;
  }

  /** What Lambda's patterns mean, as far as ours goes: each leaf is a list of what it may be. */
  private static boolean matches(JsonNode pattern, JsonNode record) {
    if (pattern.isArray()) {
      return pattern.valueStream().anyMatch(allowed -> allows(allowed, record));
    }
    return pattern
        .propertyStream()
        .allMatch(field -> matches(field.getValue(), record.path(field.getKey())));
  }

  private static boolean allows(JsonNode allowed, JsonNode value) {
    if (allowed.isTextual()) {
      return allowed.equals(value);
    }
    assertThat(allowed.propertyStream().map(Map.Entry::getKey)).containsExactly("anything-but");
    return value.isTextual() && allowed.get("anything-but").valueStream().noneMatch(value::equals);
  }
}

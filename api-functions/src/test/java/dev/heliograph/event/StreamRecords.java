package dev.heliograph.event;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Journal;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.util.Map;
import java.util.stream.Collectors;

/** What Lambda hands on of the journal's stream. */
final class StreamRecords {
  private StreamRecords() {}

  /** The record of an entry that is in the journal. */
  static DynamodbStreamRecord inserted(LocalDynamoDb dynamoDb, InstanceId instance, long seq) {
    Map<String, software.amazon.awssdk.services.dynamodb.model.AttributeValue> key =
        Map.of(
            Journal.INSTANCE,
            software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS(instance.value()),
            Journal.SEQ,
            software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN(
                Long.toString(seq)));
    StreamRecord image = new StreamRecord();
    image.setSequenceNumber("10000" + seq);
    image.setKeys(toEvent(key));
    image.setNewImage(
        toEvent(
            dynamoDb
                .client()
                .getItem(get -> get.tableName(dynamoDb.name(Tables.JOURNAL)).key(key))
                .item()));
    DynamodbStreamRecord record = new DynamodbStreamRecord();
    record.setEventName("INSERT");
    record.setDynamodb(image);
    return record;
  }

  /** Puts the record's entry at another place. */
  static void move(DynamodbStreamRecord record, long seq) {
    record
        .getDynamodb()
        .getNewImage()
        .put(Journal.SEQ, new AttributeValue().withN(Long.toString(seq)));
  }

  /** The events library has a type of its own for what the SDK has one for. */
  private static Map<String, AttributeValue> toEvent(
      Map<String, software.amazon.awssdk.services.dynamodb.model.AttributeValue> item) {
    return item.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> toEvent(entry.getValue())));
  }

  private static AttributeValue toEvent(
      software.amazon.awssdk.services.dynamodb.model.AttributeValue value) {
    if (value.s() != null) {
      return new AttributeValue(value.s());
    }
    if (value.n() != null) {
      return new AttributeValue().withN(value.n());
    }
    if (value.b() != null) {
      return new AttributeValue().withB(value.b().asByteBuffer());
    }
    return new AttributeValue().withL(value.l().stream().map(StreamRecords::toEvent).toList());
  }
}

package dev.heliograph.local.eventsource;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.Identity;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamViewType;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.Record;

/**
 * Records of a stream as Lambda hands them to a function: the same facts in Lambda's own classes.
 */
final class StreamEvent {
  private StreamEvent() {}

  static DynamodbEvent of(List<Record> records, String streamArn) {
    DynamodbEvent event = new DynamodbEvent();
    event.setRecords(records.stream().map(record -> toRecord(record, streamArn)).toList());
    return event;
  }

  private static DynamodbStreamRecord toRecord(Record record, String streamArn) {
    DynamodbStreamRecord event = new DynamodbStreamRecord();
    event.setEventID(record.eventID());
    event.setEventName(record.eventNameAsString());
    event.setEventVersion(record.eventVersion());
    event.setEventSource(record.eventSource());
    event.setAwsRegion(record.awsRegion());
    event.setEventSourceARN(streamArn);
    event.setDynamodb(toChange(record.dynamodb()));
    if (record.userIdentity() != null) {
      event.setUserIdentity(
          new Identity()
              .withType(record.userIdentity().type())
              .withPrincipalId(record.userIdentity().principalId()));
    }
    return event;
  }

  private static StreamRecord toChange(
      software.amazon.awssdk.services.dynamodb.model.StreamRecord change) {
    StreamRecord record = new StreamRecord();
    record.setApproximateCreationDateTime(Date.from(change.approximateCreationDateTime()));
    record.setKeys(toItem(change.keys()));
    if (change.hasNewImage()) record.setNewImage(toItem(change.newImage()));
    if (change.hasOldImage()) record.setOldImage(toItem(change.oldImage()));
    record.setSequenceNumber(change.sequenceNumber());
    record.setSizeBytes(change.sizeBytes());
    record.setStreamViewType(StreamViewType.fromValue(change.streamViewTypeAsString()));
    return record;
  }

  private static Map<String, AttributeValue> toItem(
      Map<String, software.amazon.awssdk.services.dynamodb.model.AttributeValue> item) {
    return item.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> toValue(entry.getValue())));
  }

  private static AttributeValue toValue(
      software.amazon.awssdk.services.dynamodb.model.AttributeValue value) {
    AttributeValue to = new AttributeValue();
    return switch (value.type()) {
      case S -> to.withS(value.s());
      case N -> to.withN(value.n());
      case B -> to.withB(value.b().asByteBuffer());
      case BOOL -> to.withBOOL(value.bool());
      case NUL -> to.withNULL(value.nul());
      case SS -> to.withSS(value.ss());
      case NS -> to.withNS(value.ns());
      case BS -> to.withBS(value.bs().stream().map(SdkBytes::asByteBuffer).toList());
      case L -> to.withL(value.l().stream().map(StreamEvent::toValue).toList());
      case M -> to.withM(toItem(value.m()));
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("an attribute of a type that the SDK does not know");
    };
  }
}

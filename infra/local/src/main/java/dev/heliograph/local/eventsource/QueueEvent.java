package dev.heliograph.local.eventsource;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Messages as Lambda hands them to a function. */
final class QueueEvent {
  private QueueEvent() {}

  static SQSEvent of(List<Message> messages, String queueArn) {
    SQSEvent event = new SQSEvent();
    event.setRecords(messages.stream().map(message -> toRecord(message, queueArn)).toList());
    return event;
  }

  private static SQSMessage toRecord(Message message, String queueArn) {
    SQSMessage record = new SQSMessage();
    record.setMessageId(message.messageId());
    record.setReceiptHandle(message.receiptHandle());
    record.setBody(message.body());
    record.setMd5OfBody(message.md5OfBody());
    record.setAttributes(Map.copyOf(message.attributesAsStrings()));
    record.setMessageAttributes(toAttributes(message.messageAttributes()));
    record.setEventSource("aws:sqs");
    record.setEventSourceArn(queueArn);
    record.setAwsRegion(queueArn.split(":", -1)[3]);
    return record;
  }

  private static Map<String, MessageAttribute> toAttributes(
      Map<String, MessageAttributeValue> values) {
    Map<String, MessageAttribute> attributes = new HashMap<>();
    values.forEach((name, value) -> attributes.put(name, toAttribute(value)));
    return attributes;
  }

  private static MessageAttribute toAttribute(MessageAttributeValue value) {
    MessageAttribute attribute = new MessageAttribute();
    attribute.setDataType(value.dataType());
    attribute.setStringValue(value.stringValue());
    if (value.binaryValue() != null) attribute.setBinaryValue(value.binaryValue().asByteBuffer());
    return attribute;
  }
}

package dev.heliograph.event;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Journal;
import dev.heliograph.journal.PublicEntry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Reads journal entries out of the records of their stream. */
final class JournalRecord {
  /** Entries are inserted and never changed; what disappears has expired. */
  private static final String INSERT = "INSERT";

  /** The checkpoint's place. */
  private static final long CHECKPOINT = 0;

  private JournalRecord() {}

  /** The entry in a record, if it is one with events. */
  static Optional<PublicEntry> of(DynamodbStreamRecord record) {
    if (!INSERT.equals(record.getEventName())) {
      return Optional.empty();
    }
    Map<String, AttributeValue> image = record.getDynamodb().getNewImage();
    long seq = seq(image);
    AttributeValue events = image.get(Journal.EVENTS);
    if (seq == CHECKPOINT || events == null) {
      return Optional.empty();
    }
    return Optional.of(
        new PublicEntry(
            new InstanceId(attribute(image, Journal.INSTANCE).getS()),
            new CustomerId(attribute(image, Journal.CUSTOMER).getS()),
            seq,
            Instant.ofEpochMilli(Long.parseLong(attribute(image, Journal.AT).getN())),
            events.getL().stream().map(AttributeValue::getS).toList()));
  }

  /** Where the record's entry is, if that much can be made out. */
  static Optional<Place> place(DynamodbStreamRecord record) {
    Map<String, AttributeValue> keys = record.getDynamodb().getKeys();
    if (keys == null || !keys.containsKey(Journal.INSTANCE) || !keys.containsKey(Journal.SEQ)) {
      return Optional.empty();
    }
    return InstanceId.parse(attribute(keys, Journal.INSTANCE).getS())
        .map(instance -> new Place(instance, seq(keys)));
  }

  /** An entry's key. */
  record Place(InstanceId instance, long seq) {}

  private static long seq(Map<String, AttributeValue> attributes) {
    return Long.parseLong(attribute(attributes, Journal.SEQ).getN());
  }

  private static AttributeValue attribute(Map<String, AttributeValue> attributes, String name) {
    AttributeValue value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("an entry has no " + name);
    }
    return value;
  }
}

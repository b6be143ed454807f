package dev.heliograph.event;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import dev.heliograph.account.CustomerId;
import dev.heliograph.event.EventData.InstanceChanged;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.Shards;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Journal;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Queues;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** A new instance with an entry in its journal that has an event. */
public final class JournalStream {
  private final LocalDynamoDb dynamoDb;
  private final InstanceId instance = InstanceId.draw(IdGenerator.random());

  /** Of that customer's. */
  public JournalStream(LocalDynamoDb dynamoDb, CustomerId customer) {
    this.dynamoDb = dynamoDb;
    Instant now = Instant.now();
    new Instances(dynamoDb.client(), dynamoDb.prefix(), InstantSource.system())
        .create(
            Instance.created(
                instance,
                customer,
                "shop",
                Metadata.EMPTY,
                Shards.of(instance, Queues.SHARDS),
                now));
    String event =
        EventJson.write(
            new Event(
                EventId.of(instance, 1, 0),
                EventType.INSTANCE_CONNECTED,
                now,
                instance,
                customer,
                1,
                new InstanceChanged(InstanceStatus.CONNECTED, null, null, null)));
    new Journal(dynamoDb.client(), dynamoDb.prefix())
        .put(new Entry(instance, 1, "entry-1", customer, now, null, List.of(event), "[]", null));
  }

  /** What Lambda hands on of its stream. */
  public DynamodbEvent event() {
    DynamodbEvent stream = new DynamodbEvent();
    stream.setRecords(List.of(StreamRecords.inserted(dynamoDb, instance, 1)));
    return stream;
  }
}

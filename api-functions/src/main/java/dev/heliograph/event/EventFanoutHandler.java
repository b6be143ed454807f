package dev.heliograph.event;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import dev.heliograph.function.Functions;
import dev.heliograph.function.Primed;
import dev.heliograph.table.Answers;
import dev.heliograph.webhook.DeliveryQueue;
import dev.heliograph.webhook.DeliveryRing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Fans out what the journal's stream brings, in its order. It stops only where AWS itself does not
 * play along, and says from which record on Lambda has to bring the batch again.
 */
public final class EventFanoutHandler
    implements RequestHandler<DynamodbEvent, StreamsEventResponse>, Primed {
  private static final Logger log = LoggerFactory.getLogger(EventFanoutHandler.class);

  private final EventFanout fanout;
  private final DeliveryQueue queue;

  /** As Lambda makes it, from the process's environment. */
  public EventFanoutHandler() {
    this(Functions.fromEnvironment());
    awaitSnapshot();
  }

  /** With everything given. */
  public EventFanoutHandler(EventFanout fanout, DeliveryQueue queue) {
    this.fanout = fanout;
    this.queue = queue;
  }

  private EventFanoutHandler(Functions functions) {
    this(functions.eventFanout(), functions.deliveryQueue());
  }

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent stream, Context context) {
    // Which record each ring is owed to, in the order of the stream.
    Map<DeliveryRing, DynamodbStreamRecord> rings = new LinkedHashMap<>();
    Optional<DynamodbStreamRecord> failed = fanOut(stream.getRecords(), rings);
    List<BatchItemFailure> failures =
        unheard(rings)
            .or(() -> failed)
            .map(record -> new BatchItemFailure(record.getDynamodb().getSequenceNumber()))
            .map(List::of)
            .orElse(List.of());
    return new StreamsEventResponse(failures);
  }

  @Override
  public void prime() {
    fanout.lookUpNobody();
    queue.find();
  }

  /** Returns the record at which it had to stop, if it had to. */
  private Optional<DynamodbStreamRecord> fanOut(
      List<DynamodbStreamRecord> records, Map<DeliveryRing, DynamodbStreamRecord> rings) {
    EventFanout.Batch batch = fanout.batch();
    for (DynamodbStreamRecord record : records) {
      try {
        fanOutOrPark(batch, record).forEach(ring -> rings.putIfAbsent(ring, record));
      } catch (SdkException failure) {
        tell(failure).log("fan-out stopped");
        return Optional.of(record);
      }
    }
    return Optional.empty();
  }

  /** What AWS refuses does not pass by itself, as its silence does. */
  private static LoggingEventBuilder tell(SdkException failure) {
    return (Answers.isUnavailable(failure) ? log.atWarn() : log.atError()).setCause(failure);
  }

  /** A record that will fail each time must not hold up those behind it until it expires. */
  private List<DeliveryRing> fanOutOrPark(EventFanout.Batch batch, DynamodbStreamRecord record) {
    try {
      return JournalRecord.of(record).map(batch::fanOut).orElse(List.of());
    } catch (SdkException unavailable) {
      throw unavailable;
    } catch (RuntimeException defect) {
      park(record, defect);
    }
    return List.of();
  }

  private void park(DynamodbStreamRecord record, RuntimeException error) {
    log.atError().setCause(error).log("a record cannot be fanned out");
    JournalRecord.place(record)
        .ifPresent(
            place -> fanout.park(place.instance(), place.seq(), error.getClass().getSimpleName()));
  }

  /** The first record whose rings did not all go out. */
  private Optional<DynamodbStreamRecord> unheard(Map<DeliveryRing, DynamodbStreamRecord> rings) {
    Set<DeliveryRing> refused;
    try {
      refused = queue.ring(new ArrayList<>(rings.keySet()));
    } catch (SdkException failure) {
      tell(failure).log("rings lost");
      refused = rings.keySet();
    }
    for (Map.Entry<DeliveryRing, DynamodbStreamRecord> ring : rings.entrySet()) {
      if (refused.contains(ring.getKey())) {
        return Optional.of(ring.getValue());
      }
    }
    return Optional.empty();
  }
}

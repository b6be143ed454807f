package dev.heliograph.local.eventsource;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.heliograph.local.function.Outcome;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.Record;

/**
 * Consecutive records of a shard that are handed to a function together.
 *
 * @param retries how often this batch has been retried as it is
 */
record StreamBatch(List<Record> records, int retries) {
  static StreamBatch of(List<Record> records) {
    return new StreamBatch(records, 0);
  }

  int size() {
    return records.size();
  }

  /** How many records from the start are done with after this outcome. */
  int done(Outcome<StreamsEventResponse> outcome) {
    return switch (outcome) {
      case Outcome.Returned(var response) -> firstFailure(response).orElse(size());
      case Outcome.Failed<?> _, Outcome.TimedOut<?> _ -> 0;
    };
  }

  /**
   * The place of the first record that is reported; of the first of all if the report makes no
   * sense.
   */
  private OptionalInt firstFailure(@Nullable StreamsEventResponse response) {
    if (response == null || response.getBatchItemFailures() == null) return OptionalInt.empty();
    return response.getBatchItemFailures().stream()
        .mapToInt(failure -> indexOf(failure.getItemIdentifier()))
        .min();
  }

  private int indexOf(@Nullable String sequenceNumber) {
    return IntStream.range(0, size())
        .filter(index -> sequenceNumber(index).equals(sequenceNumber))
        .findFirst()
        .orElse(0);
  }

  StreamBatch from(int index) {
    return of(records.subList(index, size()));
  }

  StreamBatch firstHalf() {
    return of(records.subList(0, size() / 2));
  }

  StreamBatch secondHalf() {
    return of(records.subList(size() / 2, size()));
  }

  StreamBatch retried() {
    return new StreamBatch(records, retries + 1);
  }

  String sequenceNumber(int index) {
    return records.get(index).dynamodb().sequenceNumber();
  }

  String lastSequenceNumber() {
    return sequenceNumber(size() - 1);
  }
}

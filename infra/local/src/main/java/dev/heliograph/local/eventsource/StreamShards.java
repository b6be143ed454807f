package dev.heliograph.local.eventsource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * The shards of a stream: the changes of one item run through a shard and then through its
 * children.
 */
record StreamShards(List<Shard> shards) {

  static StreamShards of(DynamoDbStreamsClient streams, String streamArn) {
    List<Shard> shards = new ArrayList<>();
    String last = null;
    do {
      String after = last;
      DescribeStreamResponse page =
          streams.describeStream(
              describe -> describe.streamArn(streamArn).exclusiveStartShardId(after));
      shards.addAll(page.streamDescription().shards());
      last = page.streamDescription().lastEvaluatedShardId();
    } while (last != null);
    return new StreamShards(shards);
  }

  Set<String> ids() {
    return shards.stream().map(Shard::shardId).collect(Collectors.toSet());
  }

  /**
   * Those that have not been read to their end and whose parents have: reading them keeps the
   * order.
   */
  List<String> readable(StreamPositions positions) {
    Set<String> unread =
        shards.stream()
            .map(Shard::shardId)
            .filter(id -> !positions.hasEnded(id))
            .collect(Collectors.toSet());
    return shards.stream()
        .filter(shard -> unread.contains(shard.shardId()))
        .filter(shard -> !unread.contains(shard.parentShardId()))
        .map(Shard::shardId)
        .toList();
  }
}

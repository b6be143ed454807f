package dev.heliograph.local;

import dev.heliograph.account.ApiKey;
import dev.heliograph.local.aws.Endpoints;
import dev.heliograph.local.aws.LocalAws;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** All that a deployment consists of, in this process. */
final class LocalDeployment implements AutoCloseable {
  /** What the names of tables and queues begin with. */
  static final String PREFIX = "heliograph-";

  private static final Logger log = LoggerFactory.getLogger(LocalDeployment.class);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Map<String, Object> places = new LinkedHashMap<>();
  private final LocalAws aws;
  private final @Nullable ApiKey firstKey;

  private LocalDeployment(DataFolder folder, Ports ports) throws Exception {
    aws = started(LocalAws.start(folder.dynamoDb(), ports.dynamoDb(), ports.sqs(), PREFIX));
    DynamoDbClient dynamoDb = started(aws.endpoints().dynamoDbClient());
    firstKey = new LocalAccount(dynamoDb).open().orElse(null);
    places.put("DynamoDB", aws.endpoints().dynamoDb());
    places.put("SQS", aws.endpoints().sqs());
  }

  /** Starts everything over the data in a folder that the caller has claimed. */
  static LocalDeployment start(DataFolder folder, Ports ports) throws Exception {
    ports.check();
    return new LocalDeployment(folder, ports);
  }

  /** Where the services listen that other processes may use. */
  Endpoints endpoints() {
    return aws.endpoints();
  }

  /** What listens where, for people. */
  Map<String, Object> places() {
    return Collections.unmodifiableMap(places);
  }

  /** The API key that was made because there was none. */
  Optional<ApiKey> firstKey() {
    return Optional.ofNullable(firstKey);
  }

  /** Ends what was started, the last one first. */
  @Override
  public void close() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception failure) {
        log.atError().setCause(failure).log("part did not end well");
      }
    }
  }

  private <T extends AutoCloseable> T started(T part) {
    running.push(part);
    return part;
  }
}

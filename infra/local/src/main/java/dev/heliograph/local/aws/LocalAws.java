package dev.heliograph.local.aws;

import dev.heliograph.table.Queues;
import dev.heliograph.table.TableDefinition;
import dev.heliograph.table.Tables;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.FutureTask;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What a deployment finds at AWS, in this JVM: DynamoDB and SQS with every table and every queue.
 */
public final class LocalAws implements AutoCloseable {
  private final DynamoDbServer dynamoDb;
  private final SqsServer sqs;
  private final ServiceAddresses addresses;

  private LocalAws(DynamoDbServer dynamoDb, SqsServer sqs) {
    this.dynamoDb = dynamoDb;
    this.sqs = sqs;
    addresses = new ServiceAddresses(dynamoDb.endpoint(), sqs.endpoint());
  }

  /**
   * Starts both and makes what is missing.
   *
   * @param folder holds the tables' items; nobody else may have it open
   * @param dynamoDbPort 0 for any that is free
   * @param sqsPort 0 for any that is free
   * @param prefix what the names of tables and queues begin with
   */
  public static LocalAws start(Path folder, int dynamoDbPort, int sqsPort, String prefix)
      throws Exception {
    // Each takes more than a second: together.
    FutureTask<SqsServer> sqs = new FutureTask<>(() -> startSqs(sqsPort, prefix));
    Thread.ofVirtual().start(sqs);
    DynamoDbServer dynamoDb;
    try {
      dynamoDb = startDynamoDb(folder, dynamoDbPort, prefix);
    } catch (Exception failure) {
      sqs.get().close();
      throw failure;
    }
    try {
      return new LocalAws(dynamoDb, sqs.get());
    } catch (Exception failure) {
      dynamoDb.close();
      throw failure;
    }
  }

  /** Where both listen. */
  public ServiceAddresses addresses() {
    return addresses;
  }

  @Override
  public void close() {
    sqs.close();
    dynamoDb.close();
  }

  /** Starts DynamoDB alone and makes what is missing. */
  public static DynamoDbServer startDynamoDb(Path folder, int port, String prefix)
      throws Exception {
    DynamoDbServer server = DynamoDbServer.start(folder, port);
    try (DynamoDbClient client =
        new ServiceAddresses(server.endpoint(), server.endpoint()).dynamoDbClient()) {
      Set<String> existing =
          new HashSet<>(client.listTablesPaginator().tableNames().stream().toList());
      for (TableDefinition table : Tables.ALL) {
        if (existing.contains(table.in(prefix))) {
          table.ensureTtl(client, prefix); // whoever created it may have been killed right then
        } else {
          table.create(client, prefix);
        }
      }
    } catch (Exception failure) {
      server.close();
      throw failure;
    }
    return server;
  }

  private static SqsServer startSqs(int port, String prefix) {
    SqsServer server = SqsServer.start(port);
    try (SqsClient client =
        new ServiceAddresses(server.endpoint(), server.endpoint()).sqsClient()) {
      Queues.create(client, prefix, Queues.ALL);
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
    return server;
  }
}

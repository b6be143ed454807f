package dev.heliograph.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;

class LocalAwsTest {
  private static final String PREFIX = "heliograph-";
  private static final Map<String, AttributeValue> ITEM = Map.of("id", fromS("inst_1"));

  @TempDir Path folder;

  @Test
  void hasEveryTableAndEveryQueue() throws Exception {
    try (LocalAws aws = start();
        DynamoDbClient dynamoDb = aws.addresses().dynamoDbClient();
        SqsClient sqs = aws.addresses().sqsClient()) {
      assertThat(dynamoDb.listTables().tableNames())
          .containsExactlyInAnyOrderElementsOf(
              Tables.ALL.stream().map(table -> table.in(PREFIX)).toList());
      assertThat(sqs.listQueues().queueUrls())
          .extracting(url -> url.substring(url.lastIndexOf('/') + 1))
          .containsExactlyInAnyOrderElementsOf(
              Queues.ALL.stream().map(queue -> queue.in(PREFIX)).toList());
    }
  }

  @Test
  void itemsAreThereAfterARestart() throws Exception {
    try (LocalAws aws = start();
        DynamoDbClient dynamoDb = aws.addresses().dynamoDbClient()) {
      dynamoDb.putItem(put -> put.tableName(Tables.INSTANCES.in(PREFIX)).item(ITEM));
    }

    try (LocalAws aws = start();
        DynamoDbClient dynamoDb = aws.addresses().dynamoDbClient()) {
      assertThat(
              dynamoDb.getItem(get -> get.tableName(Tables.INSTANCES.in(PREFIX)).key(ITEM)).item())
          .isEqualTo(ITEM);
    }
  }

  @Test
  void nobodyElseOnTheNetworkCanConnect() throws Exception {
    try (LocalAws aws = start()) {
      for (InetAddress address : addressesOnTheNetwork()) {
        assertThat(accepts(address, aws.addresses().dynamoDb())).isFalse();
        assertThat(accepts(address, aws.addresses().sqs())).isFalse();
      }
      assertThat(accepts(InetAddress.ofLiteral("127.0.0.1"), aws.addresses().sqs())).isTrue();
    }
  }

  private LocalAws start() throws Exception {
    return LocalAws.start(folder, 0, 0, PREFIX);
  }

  /** This machine's own, and a loopback address that only a server on every interface answers. */
  private static List<InetAddress> addressesOnTheNetwork() throws IOException {
    return Stream.concat(
            NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress()),
            Stream.of(InetAddress.ofLiteral("127.0.0.2")))
        .toList();
  }

  private static boolean accepts(InetAddress address, URI endpoint) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, endpoint.getPort()), 1000);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}

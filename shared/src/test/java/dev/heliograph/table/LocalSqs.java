package dev.heliograph.table;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * An SQS with some of our queues: registered as a static field one per test class, as an instance
 * field one per test. It is ElasticMQ in this JVM on a loopback port, or the endpoint that {@code
 * AWS_ENDPOINT_URL} names. The queues' names begin with {@link #prefix()} and are gone afterwards.
 */
public final class LocalSqs extends LocalService {
  private final List<QueueDefinition> queues;
  private String prefix = TestEndpoint.drawPrefix();
  private @Nullable SqsClient client;

  private LocalSqs(List<QueueDefinition> queues) {
    this.queues = List.copyOf(queues);
  }

  /** With these queues, empty. A queue's dead-letter queue must be among them. */
  public static LocalSqs with(QueueDefinition... queues) {
    return new LocalSqs(List.of(queues));
  }

  /** With all of {@link Queues}, empty. */
  public static LocalSqs withAllQueues() {
    return new LocalSqs(Queues.ALL);
  }

  /** Under the names of a deployment whose tables are there already. */
  public LocalSqs beside(LocalDynamoDb tables) {
    prefix = tables.prefix();
    return this;
  }

  /** A client without the time limits that a deployed one has. */
  public SqsClient client() {
    if (client == null) {
      throw new IllegalStateException("register it with @RegisterExtension and use it in tests");
    }
    return client;
  }

  /** What the names of the queues begin with; another one in each test class or test. */
  public String prefix() {
    return prefix;
  }

  /** The queue's URL here. */
  public String url(QueueDefinition queue) {
    return client().getQueueUrl(get -> get.queueName(queue.in(prefix))).queueUrl();
  }

  /** Takes all that waits in a queue: the bodies. */
  public List<String> takeAll(QueueDefinition queue) {
    String url = url(queue);
    List<String> bodies = new ArrayList<>();
    List<Message> received = receive(url);
    while (!received.isEmpty()) {
      for (Message message : received) {
        client()
            .deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
        bodies.add(message.body());
      }
      received = receive(url);
    }
    return bodies;
  }

  private List<Message> receive(String url) {
    return client()
        .receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10))
        .messages();
  }

  @Override
  void open() {
    var builder = TestEndpoint.configure(SqsClient.builder());
    if (!TestEndpoint.isGiven("SQS")) builder.endpointOverride(ElasticMq.ENDPOINT);
    client = builder.build();
    Queues.create(client, prefix, queues);
  }

  @Override
  void close() {
    queues.forEach(queue -> client().deleteQueue(delete -> delete.queueUrl(url(queue))));
    client().close();
    client = null;
  }

  /**
   * One for the whole JVM, started by the first who asks: its start takes longer than most test
   * classes.
   */
  private static final class ElasticMq {
    static final URI ENDPOINT = start();

    private static URI start() {
      SQSRestServer server =
          SQSRestServerBuilder.withInterface("127.0.0.1")
              .withDynamicPort()
              .withAWSRegion("us-east-1")
              .start();
      int port = server.waitUntilStarted().localAddress().getPort();
      return URI.create("http://127.0.0.1:" + port);
    }
  }
}

package dev.heliograph.local.aws;

import java.net.URI;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/**
 * ElasticMQ over HTTP on loopback. Its queues are memory: what they said is found again from the
 * rows.
 */
public final class SqsServer implements AutoCloseable {
  private final SQSRestServer server;
  private final int port;

  private SqsServer(SQSRestServer server) {
    this.server = server;
    port = server.waitUntilStarted().localAddress().getPort();
  }

  /**
   * Starts it without a queue.
   *
   * @param port 0 for any that is free
   */
  public static SqsServer start(int port) {
    return new SqsServer(
        SQSRestServerBuilder.withInterface("127.0.0.1")
            .withPort(port)
            .withAWSRegion(ServiceAddresses.REGION)
            .start());
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Begins to stop it and does not wait: that takes seconds, and there is nothing to be saved. */
  @Override
  public void close() {
    var _ = server.stopAndGetFuture().apply();
  }
}

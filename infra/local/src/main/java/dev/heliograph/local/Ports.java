package dev.heliograph.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import picocli.CommandLine.Option;

/** Where a local deployment listens, on 127.0.0.1; 0 is any port that is free. */
final class Ports {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The API's port (default: ${DEFAULT-VALUE}). 0 takes any that is free.")
  private int api;

  @Option(
      names = "--dynamodb-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "DynamoDB's port (default: any that is free).")
  private int dynamoDb;

  @Option(
      names = "--sqs-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "SQS's port (default: any that is free).")
  private int sqs;

  int api() {
    return api;
  }

  int dynamoDb() {
    return dynamoDb;
  }

  int sqs() {
    return sqs;
  }

  /** Says which one is taken, before anything has been started in vain. */
  void check() {
    check("--port", api);
    check("--dynamodb-port", dynamoDb);
    check("--sqs-port", sqs);
  }

  private static void check(String option, int port) {
    try {
      new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
    } catch (IOException taken) {
      throw new CannotStartException(
          "port %d is in use. Choose another one with %s.".formatted(port, option));
    }
  }
}

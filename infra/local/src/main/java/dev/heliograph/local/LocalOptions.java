package dev.heliograph.local;

import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.sandbox.LoopbackPort;
import java.net.URI;
import picocli.CommandLine.Option;

/** What a local deployment consists of and where it listens. */
final class LocalOptions {
  @Option(
      names = "--sandbox",
      description = "Talks to a WhatsApp of its own with virtual phones, and not to WhatsApp.")
  boolean sandbox;

  @Option(
      names = "--worker-in-process",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description = "Whether a worker runs in this process; others are started with 'worker'.")
  boolean workerInProcess = true;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The API's port (default: ${DEFAULT-VALUE}). 0 takes any that is free.")
  int apiPort = 8080;

  @Option(
      names = "--sandbox-port",
      paramLabel = "PORT",
      defaultValue = "7070",
      description = "The port of the sandbox's WhatsApp (default: ${DEFAULT-VALUE}).")
  int sandboxPort = 7070;

  @Option(
      names = "--sandbox-control-port",
      paramLabel = "PORT",
      defaultValue = "7071",
      description = "The port of the sandbox's control API (default: ${DEFAULT-VALUE}).")
  int sandboxControlPort = 7071;

  @Option(
      names = "--dynamodb-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "DynamoDB's port (default: that of the last start, or any that is free).")
  int dynamoDbPort;

  @Option(
      names = "--sqs-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "SQS's port (default: that of the last start, or any that is free).")
  int sqsPort;

  /** Has the services listen where they did before, if no other port is wished and it is free. */
  void preferPortsOf(ServiceAddresses before) {
    dynamoDbPort = preferred(dynamoDbPort, before.dynamoDb());
    sqsPort = preferred(sqsPort, before.sqs());
  }

  private static int preferred(int wished, URI before) {
    return wished == 0 && LoopbackPort.isFree(before.getPort()) ? before.getPort() : wished;
  }

  /** Says which port is taken, before anything has been started in vain. */
  void checkPorts() {
    LoopbackPort.check("--port", apiPort);
    LoopbackPort.check("--dynamodb-port", dynamoDbPort);
    LoopbackPort.check("--sqs-port", sqsPort);
    if (sandbox) {
      LoopbackPort.check("--sandbox-port", sandboxPort);
      LoopbackPort.check("--sandbox-control-port", sandboxControlPort);
    }
  }
}

package dev.heliograph.table;

import java.net.URI;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container: one for the whole JVM, removed with it. */
final class LocalStack {
  /** The last one that starts without an account. */
  private static final DockerImageName IMAGE =
      DockerImageName.parse("localstack/localstack:4.14.0");

  private LocalStack() {}

  /** Where it listens; without Docker the test that asks is skipped. */
  static URI endpoint() {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "HELIOGRAPH_TEST_AWS=localstack needs a Docker engine, and there is none");
    return Container.ENDPOINT;
  }

  private static final class Container {
    static final URI ENDPOINT = start();

    @SuppressWarnings("resource") // ended by Testcontainers when the JVM ends
    private static URI start() {
      LocalStackContainer container =
          new LocalStackContainer(IMAGE).withServices("dynamodb", "sqs");
      container.start();
      return container.getEndpoint();
    }
  }
}

package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.local.e2e.Customer.Paired;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The worker of the image beside it, by the image's own command: nothing is shared but tables and
 * queues.
 */
class WorkerApartIT extends EndToEnd {
  private static final Path ROOT = Path.of("../..");

  private final String healthPort = Gateway.freePort();
  private @Nullable JavaProcess worker;

  @Override
  Gateway adapt(Gateway commands) {
    return commands
        .with("--worker-in-process", "false")
        // Without the cache, or with one that is not for this worker, Java ends at once.
        .with(Map.of("HELIOGRAPH_JAVA_OPTS", "-XX:AOTMode=on"));
  }

  @Override
  void startWorker(Gateway commands) {
    try {
      WorkerImage image = WorkerImage.in(ROOT);
      if (worker == null) image.build(commands.logs().resolve("image.log"));
      worker = commands.startWorker("worker", image, healthPort);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  void stopWorker() {
    if (worker != null) {
      worker.close();
    }
  }

  @Test
  void theImagesHealthCheckSaysWhetherTheWorkerLives() throws Exception {
    await().until(() -> healthCheck(healthPort) == 0);
    assertThat(healthCheck(Gateway.freePort())).isNotZero();
  }

  private static int healthCheck(String port) throws Exception {
    ProcessBuilder check = new ProcessBuilder(WorkerImage.in(ROOT).healthCheck());
    check.environment().put("HELIOGRAPH_HEALTH_PORT", port);
    return check.start().waitFor();
  }

  @Test
  void theImageHoldsTheWorkerAndNoStandIn() throws IOException {
    assertThat(WorkerImage.in(ROOT).jars())
        .extracting(jar -> jar.getFileName().toString())
        .allMatch(name -> name.endsWith(".jar"))
        .anyMatch(name -> name.startsWith("heliograph-session-worker-"))
        .noneMatch(
            name -> name.matches("(?i).*(dynamodblocal|elasticmq|sandbox|junit|netty-nio).*"));
  }

  @Test
  void aReplacedWorkerIsNobodysEvent() throws IOException {
    String friend = customer().phones().createPhone("Friend");
    Paired number = customer().pair("Deployed");
    customer().awaitEvent(number.instance(), "instance.connected");
    int before = customer().webhooks().events(number.instance()).size();

    int exitCode = Objects.requireNonNull(worker).stop();
    customer().phones().send(friend, number.msisdn(), "in between");
    startWorker(commands());

    customer().awaitEvent(number.instance(), "message.received");
    assertThat(exitCode).isEqualTo(143); // 128 + SIGTERM: nothing hung, nothing crashed
    assertThat(customer().api().status(number.instance())).isEqualTo("connected");
    assertThat(customer().webhooks().types(number.instance()).subList(before, before + 1))
        .containsExactly("message.received");
  }

  @Test
  void whatIsDeletedWhileNoWorkerRunsIsUnlinkedByTheNextOne() throws IOException {
    Paired number = customer().pair("Left behind");
    Objects.requireNonNull(worker).stop();

    customer().awaitStatus(number.instance(), "disconnected");
    assertThat(reason(number)).isEqualTo("no_worker");
    customer().api().delete(number.instance());
    assertThat(customer().api().instance(number.instance()).status()).isEqualTo(404);
    startWorker(commands());

    customer().awaitEvent(number.instance(), "instance.deleted");
    assertThat(customer().phones().devices(number.msisdn())).isEmpty();
  }

  private String reason(Paired number) throws IOException {
    return customer().api().instance(number.instance()).body().path("status_reason").asText();
  }
}

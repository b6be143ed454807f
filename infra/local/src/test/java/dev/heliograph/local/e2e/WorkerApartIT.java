package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.local.e2e.Customer.Paired;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code heliograph worker} beside it: nothing is shared but tables and queues. */
class WorkerApartTest extends EndToEnd {
  private @Nullable JavaProcess worker;

  @Override
  Gateway adapt(Gateway commands) {
    return commands.with("--worker-in-process", "false");
  }

  @Override
  void startWorker(Gateway commands) {
    worker = commands.startWorker("worker");
  }

  @Override
  void stopWorker() {
    if (worker != null) {
      worker.close();
    }
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

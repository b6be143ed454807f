package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.table.Queues;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class GatewayRestartTest {
  // What is left of a failure says more than the failure.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void aWorkerBesideItGoesOnAndSaysLittle() throws Exception {
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
        WebhookReceiver webhooks = WebhookReceiver.start()) {
      Gateway commands =
          Gateway.of(this, folder)
              .talkingTo(sandbox.webSocketUri(), sandbox.rootKey())
              .with("--worker-in-process", "false");
      ControlClient phones = new ControlClient(sandbox.controlUri());
      JavaProcess before = commands.start();
      ApiClient api = new ApiClient(Gateway.apiOf(before), Gateway.keyOf(before));
      Customer customer = new Customer(api, phones, webhooks);
      try (JavaProcess worker = commands.startWorker("worker")) {
        String friend = phones.createPhone("Friend");
        Paired number = customer.pair("Shop");

        before.stop();
        // So that it has missed both, however fast the next one starts.
        Customer.eventually(
            () -> assertThat(worker.log()).contains("bell not heard", "beat missed"));
        try (JavaProcess _ = commands.start()) {
          customer.send(number, friend, "as if nothing had been", "order-1");

          customer.awaitTexts(friend, "as if nothing had been");
        }
        assertThat(worker.log().lines())
            .filteredOn(line -> line.contains("bell not heard"))
            .hasSizeLessThan(Queues.SHARDS); // or each shard's bell would have said so
        assertThat(worker.log()).doesNotContain("\tat ");
      }
    }
  }
}

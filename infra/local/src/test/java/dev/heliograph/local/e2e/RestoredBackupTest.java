package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables as they were before the last texts: the numbers connect without a scan, and Signal goes on
 * both ways, though the other side knows more of the ratchets than we do.
 */
class RestoredBackupTest {
  // What is left of a failure says more than the failure.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private Customer customer;
  private Paired number;
  private String friend;

  @Test
  void textsGoBothWaysWithoutAScan() throws IOException {
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
        WebhookReceiver webhooks = WebhookReceiver.start()) {
      Gateway commands =
          Gateway.of(this, folder).talkingTo(sandbox.webSocketUri(), sandbox.rootKey());
      ControlClient phones = new ControlClient(sandbox.controlUri());
      try (JavaProcess first = commands.start()) {
        ApiClient api = new ApiClient(Gateway.apiOf(first), Gateway.keyOf(first));
        customer = new Customer(api, phones, webhooks).subscribe();
        friend = phones.createPhone("Friend");
        number = customer.pair("Shop");
        chat("before the backup");
        first.stop();
      }
      copy(commands.data(), folder.resolve("backup"));
      try (JavaProcess second = commands.start()) {
        chat("after the backup");
        second.stop();
      }
      Gateway restored =
          new Gateway(
                  folder.resolve("backup"),
                  commands.logs(),
                  commands.environment(),
                  commands.options())
              .with(Map.of("HELIOGRAPH_GENERATION", "1"));
      try (JavaProcess _ = restored.start()) {
        chat("restored");
        chat("and once more");
      }

      customer.awaitTexts(
          friend, "before the backup", "after the backup", "restored", "and once more");
      assertThat(customer.textsReceived(number.instance()))
          .containsExactly("before the backup", "after the backup", "restored", "and once more");
      assertThat(phones.defects(number.msisdn(), number.device())).isEmpty();
    }
  }

  /** A text in each direction, waited for. */
  private void chat(String text) {
    String message = customer.send(number, friend, text, text.replace(' ', '-'));
    customer.awaitMessage(number.instance(), message, "delivered");
    customer.phones().send(friend, number.msisdn(), text);
    Customer.eventually(() -> assertThat(customer.textsReceived(number.instance())).contains(text));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}

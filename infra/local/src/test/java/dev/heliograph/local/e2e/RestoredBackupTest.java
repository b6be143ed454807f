package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Test
  void textsGoBothWaysWithoutAScan() throws IOException {
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
        WebhookReceiver webhooks = WebhookReceiver.start()) {
      Gateway commands =
          Gateway.of(this, folder).talkingTo(sandbox.webSocketUri(), sandbox.rootKey());
      ControlClient phones = new ControlClient(sandbox.controlUri());
      Chat chat;
      try (JavaProcess first = commands.start()) {
        ApiClient api = new ApiClient(Gateway.apiOf(first), Gateway.keyOf(first));
        Customer customer = new Customer(api, phones, webhooks).subscribe();
        chat = new Chat(customer, customer.pair("Shop"), phones.createPhone("Friend"));
        chat.both("before the backup");
        first.stop();
      }
      copy(commands.data(), folder.resolve("backup"));
      try (JavaProcess second = commands.start()) {
        chat.both("after the backup");
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
        chat.both("restored");
        chat.both("and once more");
      }

      String[] texts = {"before the backup", "after the backup", "restored", "and once more"};
      chat.customer().awaitTexts(chat.friend(), texts);
      assertThat(chat.received()).containsExactly(texts);
      assertThat(phones.defects(chat.number().msisdn(), chat.number().device())).isEmpty();
    }
  }

  private record Chat(Customer customer, Paired number, String friend) {
    /** A text in each direction, waited for. */
    void both(String text) {
      String message = customer.send(number, friend, text, text.replace(' ', '-'));
      customer.awaitMessage(number.instance(), message, "delivered");
      customer.phones().send(friend, number.msisdn(), text);
      Customer.eventually(() -> assertThat(received()).contains(text));
    }

    List<String> received() {
      return customer.textsReceived(number.instance());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}

package dev.heliograph.local.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fleet.Worker;
import dev.heliograph.fleet.WorkerSettings;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.Messages;
import dev.heliograph.message.WhatsAppId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker on a machine whose clock is an hour off. Texts have ten minutes: if it went by that
 * clock it would give up all that is accepted, or send what has lost its meaning long ago.
 */
@Tag("slow")
class WrongClockTest extends WithWorkers {
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "PT-1H"})
  void aWorkerOnAMachineWhoseClockIsAnHourOffKnowsTheTime(Duration ahead) throws IOException {
    Instant begun = Instant.now();
    try (Worker worker = startWorker(ahead)) {
      String friend = customer().phones().createPhone("Friend");
      Paired number = customer().pair("Traveller");

      String late = accept(number, friend, "late", begun.minus(DEADLINE).minusSeconds(60));
      customer().awaitMessage(number.instance(), late, "failed");
      String timely = customer().send(number, friend, "timely", "timely");
      customer().awaitMessage(number.instance(), timely, "delivered");
      customer().phones().send(friend, number.msisdn(), "hi");
      customer().awaitEvent(number.instance(), "message.received");
      customer().awaitEvent(number.instance(), "message.delivered");
      customer().awaitEvent(number.instance(), "message.failed");

      assertThat(worker.id()).isEqualTo(awaitOwner(shardOf(number.instance())));
      assertThat(message(number, late).at("/error/code").asText()).isEqualTo("deadline_exceeded");
      assertThat(customer().phones().texts(friend)).containsExactly("timely");
      assertThat(customer().textsReceived(number.instance())).containsExactly("hi");
      assertThat(customer().phones().devices(number.msisdn())).hasSize(1);
      assertThat(customer().api().status(number.instance())).isEqualTo("connected");
      JsonNode shown = message(number, timely);
      assertThatIsNow(shown.path("sent_at"), begun);
      assertThatIsNow(shown.path("delivered_at"), begun);
      assertThatIsNow(instance(number).path("last_seen_at"), begun);
      assertThat(customer().webhooks().events(number.instance()))
          .allSatisfy(event -> assertThatIsNow(event.event().path("timestamp"), begun));
    }
  }

  private Worker startWorker(Duration ahead) throws IOException {
    InstantSource machine = () -> Instant.now().plus(ahead);
    return Worker.start(
        WorkerSettings.from(environment()),
        machine,
        () -> {
          throw new AssertionError("nobody else is there to declare it dead");
        });
  }

  /**
   * What the API would have accepted then.
   *
   * @return the message's id
   */
  private String accept(Paired number, String to, String text, Instant at) {
    InstanceId id = InstanceId.parse(number.instance()).orElseThrow();
    InstantSource clock = InstantSource.system();
    Instance row = new Instances(dynamoDb(), prefix(), clock).load(id).orElseThrow();
    Message message =
        Message.queued(
            id,
            row.customer(),
            row.shard(),
            requireNonNull(row.pairing()),
            WhatsAppId.random(),
            new PhoneNumber(to),
            new MessageBody.Text(text),
            null,
            at,
            at.plus(DEADLINE));
    return new Messages(dynamoDb(), prefix(), clock).accept(message).id().value();
  }

  private JsonNode message(Paired number, String id) throws IOException {
    return customer().api().message(number.instance(), id);
  }

  private JsonNode instance(Paired number) throws IOException {
    return customer().api().instance(number.instance()).body();
  }

  private static void assertThatIsNow(JsonNode timestamp, Instant begun) {
    assertThat(Instant.parse(timestamp.asText()))
        .isBetween(begun.minus(TOLERANCE), Instant.now().plus(TOLERANCE));
  }
}

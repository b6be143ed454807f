package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.EventType;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Json;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That each answer is as documented is checked wherever a test calls the API. */
class OpenApiTest {
  @RegisterExtension static final LocalDynamoDb dynamoDb = LocalDynamoDb.with();
  @RegisterExtension static final LocalSqs sqs = LocalSqs.with();

  private final OpenApi document = OpenApi.read();

  @Test
  void itHasEveryRouteAndNoOther() {
    Set<String> routes = new TreeSet<>(new TestApi(dynamoDb, sqs, Duration.ofSeconds(1)).routes());
    routes.add("GET /v1/events/stream"); // the workers'

    assertThat(document.operations()).isEqualTo(routes);
  }

  @Test
  void itHasEveryNameThatAnAnswerMayHaveInIt() {
    assertThat(names("InstanceStatus"))
        .containsExactlyElementsOf(
            Arrays.stream(InstanceStatus.values()).map(InstanceStatus::wire).toList());
    assertThat(names("StatusReason"))
        .contains("null")
        .containsAll(Arrays.stream(StatusReason.values()).map(StatusReason::wire).toList())
        .hasSize(StatusReason.values().length + 1);
    assertThat(names("EventType"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EventType.values()).map(EventType::wire).toList());
    assertThat(names("Message/properties/status"))
        .containsExactlyElementsOf(
            Arrays.stream(MessageStatus.values()).map(MessageStatus::wire).toList());
  }

  @ParameterizedTest
  @EnumSource
  void itHasTheShapeOfEachEvent(EventType type) throws Exception {
    try (var golden = EventType.class.getResourceAsStream(type.wire() + ".json")) {
      assertThat(golden).isNotNull();
      String event = new String(golden.readAllBytes(), StandardCharsets.UTF_8);

      document.checkSchema("/components/schemas/Event", Json.read(event));
    }
  }

  private List<String> names(String schema) {
    var names = document.at("/components/schemas/" + schema + "/enum");
    return StreamSupport.stream(names.spliterator(), false).map(name -> name.asText()).toList();
  }
}

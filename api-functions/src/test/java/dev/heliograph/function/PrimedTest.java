package dev.heliograph.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.TableDefinition;
import dev.heliograph.table.Tables;
import java.util.Map;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handlers do before a snapshot. That Lambda calls it, the packaged functions show. */
class PrimedTest {
  @RegisterExtension static final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();
  @RegisterExtension static final LocalSqs sqs = LocalSqs.withAllQueues().beside(dynamoDb);

  private static Primed handler(Functions functions, String name) {
    return switch (name) {
      case "api" -> functions.apiHandler();
      case "event-fanout" -> functions.eventFanoutHandler();
      case "webhook-delivery" -> functions.webhookDeliveryHandler();
      case "janitor" -> functions.janitorHandler();
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "event-fanout", "webhook-delivery", "janitor"})
  void primingWorksAndChangesNothing(String name) {
    FunctionSettings settings = settings(dynamoDb.prefix());
    Primed handler = handler(new Functions(settings, dynamoDb.client(), sqs.client()), name);

    handler.prime();

    for (TableDefinition table : Tables.ALL) {
      assertThat(dynamoDb.client().scan(scan -> scan.tableName(dynamoDb.name(table))).items())
          .isEmpty();
    }
    assertThat(sqs.takeAll(Queues.WEBHOOK_DELIVERIES)).isEmpty();
  }

  @Test
  void aPrimingThatFailsFailsNoDeployment() {
    FunctionSettings elsewhere = settings("nothing-is-here-");
    Primed handler = new Functions(elsewhere, dynamoDb.client(), sqs.client()).janitorHandler();

    assertThatCode(() -> handler.beforeCheckpoint(Core.getGlobalContext()))
        .doesNotThrowAnyException();
  }

  private static FunctionSettings settings(String prefix) {
    return FunctionSettings.from(
        Map.of("HELIOGRAPH_SECRET_KEY", "x".repeat(64), "HELIOGRAPH_PREFIX", prefix));
  }
}

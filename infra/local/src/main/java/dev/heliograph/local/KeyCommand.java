package dev.heliograph.local;

import dev.heliograph.account.ApiKey;
import dev.heliograph.local.aws.DynamoDbServer;
import dev.heliograph.local.aws.Endpoints;
import dev.heliograph.local.aws.LocalAws;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** {@code heliograph key}. */
@Command(
    name = "key",
    description = "API keys of the local account.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = KeyCommand.New.class)
final class KeyCommand {

  /**
   * {@code heliograph key new}: works beside a running {@code heliograph local} and without one.
   */
  @Command(
      name = "new",
      description = "Makes one more API key and prints it; it cannot be shown again.",
      mixinStandardHelpOptions = true)
  static final class New implements Callable<Integer> {
    @Mixin private DataFolderOption data = new DataFolderOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
      spec.commandLine().getOut().println(createKey(data.folder()).text());
      return 0;
    }

    private static ApiKey createKey(DataFolder folder) throws Exception {
      Optional<Map<String, String>> running = folder.publishedByOther();
      if (running.isPresent()) return createKeyAt(Endpoints.in(running.get()));
      try (DataFolder.Claim _ = folder.claim().orElseThrow();
          DynamoDbServer server =
              LocalAws.startDynamoDb(folder.dynamoDb(), 0, LocalDeployment.PREFIX)) {
        return createKeyAt(new Endpoints(server.endpoint(), server.endpoint()));
      }
    }

    private static ApiKey createKeyAt(Endpoints endpoints) {
      try (DynamoDbClient dynamoDb = endpoints.dynamoDbClient()) {
        return new LocalAccount(dynamoDb).createKey();
      }
    }
  }
}

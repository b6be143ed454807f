package dev.heliograph.local;

import dev.heliograph.account.ApiKey;
import dev.heliograph.local.aws.DynamoDbServer;
import dev.heliograph.local.aws.Endpoints;
import dev.heliograph.local.aws.LocalAws;
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
      Optional<DataFolder.Claim> claimed = folder.claim();
      if (claimed.isEmpty()) return createKeyAt(running(folder));
      try (DataFolder.Claim _ = claimed.get();
          DynamoDbServer server =
              LocalAws.startDynamoDb(folder.dynamoDb(), 0, LocalDeployment.PREFIX)) {
        return createKeyAt(new Endpoints(server.endpoint(), server.endpoint()));
      }
    }

    private static Endpoints running(DataFolder folder) throws Exception {
      return folder
          .published()
          .orElseThrow(
              () ->
                  new CannotStartException(
                      "the heliograph that has " + folder.path() + " open is still starting."));
    }

    private static ApiKey createKeyAt(Endpoints endpoints) {
      try (DynamoDbClient dynamoDb = endpoints.dynamoDbClient()) {
        return new LocalAccount(dynamoDb).createKey();
      }
    }
  }
}

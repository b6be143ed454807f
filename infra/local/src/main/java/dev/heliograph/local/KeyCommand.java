package dev.heliograph.local;

import dev.heliograph.account.ApiKey;
import dev.heliograph.local.aws.DynamoDbServer;
import dev.heliograph.local.aws.LocalAws;
import dev.heliograph.local.aws.ServiceAddresses;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** {@code heliograph key}: works beside a running {@code heliograph local} and without one. */
@Command(
    name = "key",
    description = "API keys of the local account.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {KeyCommand.New.class, KeyCommand.Revoke.class})
final class KeyCommand {

  /** {@code heliograph key new}. */
  @Command(
      name = "new",
      description = "Makes one more API key and prints it; it cannot be shown again.",
      mixinStandardHelpOptions = true)
  static final class New implements Callable<Integer> {
    @Mixin private DataFolderOption data = new DataFolderOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
      ApiKey key = inAccount(data.folder(), LocalAccount::createKey);
      spec.commandLine()
          .getErr()
          .println("A key of the gateway with its data in %s:".formatted(data.folder().path()));
      spec.commandLine().getOut().println(key.text());
      return 0;
    }
  }

  /** {@code heliograph key revoke}. */
  @Command(name = "revoke", description = "Ends an API key.", mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @Mixin private DataFolderOption data = new DataFolderOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "KEY", description = "The key, as it was shown.")
    private String key = "";

    @Override
    public Integer call() throws Exception {
      Optional<ApiKey> parsed = ApiKey.parse(key);
      if (parsed.isEmpty() || !inAccount(data.folder(), it -> it.revoke(parsed.get()))) {
        throw new CannotStartException("there is no such key.");
      }
      spec.commandLine().getOut().println("The key is revoked.");
      return 0;
    }
  }

  private static <T> T inAccount(DataFolder folder, Function<LocalAccount, T> action)
      throws Exception {
    if (Files.notExists(folder.path())) {
      throw new CannotStartException(
          "there is no folder %s: name the one of your gateway with --data."
              .formatted(folder.path()));
    }
    Optional<Map<String, String>> running = folder.publishedByOther();
    if (running.isPresent()) return inAccountAt(ServiceAddresses.in(running.get()), action);
    try (DataFolder.Claim _ = folder.claim().orElseThrow();
        DynamoDbServer server =
            LocalAws.startDynamoDb(folder.dynamoDb(), 0, LocalDeployment.PREFIX)) {
      return inAccountAt(new ServiceAddresses(server.endpoint(), server.endpoint()), action);
    }
  }

  private static <T> T inAccountAt(ServiceAddresses addresses, Function<LocalAccount, T> action) {
    try (DynamoDbClient dynamoDb = addresses.dynamoDbClient()) {
      return action.apply(new LocalAccount(dynamoDb));
    }
  }
}

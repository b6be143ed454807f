package dev.heliograph.local;

import dev.heliograph.account.ApiKey;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code heliograph local}: runs until it is told to end. */
@Command(
    name = "local",
    description = "Runs everything in this process, listening on 127.0.0.1 only.",
    mixinStandardHelpOptions = true)
final class LocalCommand implements Callable<Integer> {
  @Mixin private DataFolderOption data = new DataFolderOption();

  @Mixin private Ports ports = new Ports();

  @Option(names = "--reset", description = "Wipes the data folder before it starts.")
  private boolean reset;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    DataFolder folder = data.folder();
    DataFolder.Claim claim =
        folder
            .claim()
            .orElseThrow(
                () ->
                    new CannotStartException(
                        "another heliograph has "
                            + folder.path()
                            + " open. End it, or choose another folder with --data."));
    if (reset) folder.wipe();
    folder.withdraw();
    LocalDeployment deployment = LocalDeployment.start(folder, ports);
    Runtime.getRuntime().addShutdownHook(new Thread(deployment::close, "shutdown"));
    folder.publish(deployment.endpoints());
    announce(deployment, folder);
    // The hook above ends it: on SIGINT, on SIGTERM.
    new CountDownLatch(1).await();
    claim.close();
    return 0;
  }

  private void announce(LocalDeployment deployment, DataFolder folder) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Heliograph is ready.");
    out.println();
    deployment.places().forEach((what, where) -> out.printf("  %-16s %s%n", what, where));
    out.printf("  %-16s %s%n", "data", folder.path());
    out.println();
    deployment
        .firstKey()
        .map(ApiKey::text)
        .ifPresentOrElse(
            key -> out.printf("Your API key, shown this once: %s%n", key),
            () -> out.println("For another API key: ./heliograph key new"));
    out.flush();
  }
}

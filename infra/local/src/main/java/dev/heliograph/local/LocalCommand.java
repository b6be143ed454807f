package dev.heliograph.local;

import dev.heliograph.account.ApiKey;
import dev.heliograph.local.aws.ServiceAddresses;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code heliograph local}: runs until SIGTERM or Ctrl-C. */
@Command(
    name = "local",
    description = "Runs everything in this process, listening on 127.0.0.1 only.",
    mixinStandardHelpOptions = true)
final class LocalCommand implements Callable<Integer> {
  private static final int DEAD = 70; // EX_SOFTWARE of sysexits.h

  @Mixin private LocalOptions options = new LocalOptions();
  @Mixin private DataFolderOption data = new DataFolderOption();

  @Option(names = "--reset", description = "Wipes the data folder before it starts.")
  private boolean reset;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    DataFolder folder = data.folder();
    try (DataFolder.Claim _ = claim(folder)) {
      LocalDeployment.check(folder, options, System.getenv());
      if (reset) folder.wipe();
      LocalDeployment deployment = start(folder);
      Runtime.getRuntime().addShutdownHook(new Thread(deployment::close, "shutdown"));
      folder.publish(deployment.published());
      announce(deployment, folder);
      // The hook ends it.
      new CountDownLatch(1).await();
      return 0;
    }
  }

  private LocalDeployment start(DataFolder folder) throws Exception {
    boolean isFirst = folder.belongsTo(options.sandbox);
    try {
      // A worker beside an earlier gateway on this folder looks for this one where that one was.
      folder.withdraw().map(ServiceAddresses::in).ifPresent(options::preferPortsOf);
      return LocalDeployment.start(folder, options, System.getenv(), LocalCommand::die);
    } catch (Exception failure) {
      // The API is the last to start, so nobody has made an instance.
      if (isFirst) folder.belongsToNobody();
      throw failure;
    }
  }

  private static DataFolder.Claim claim(DataFolder folder) throws Exception {
    return folder
        .claim()
        .orElseThrow(
            () ->
                new CannotStartException(
                    "another heliograph has %s open. End it, or choose another folder with --data."
                        .formatted(folder.path())));
  }

  /** At once: a worker that others have replaced may write nothing more. */
  private static void die() {
    System.err.println("heliograph: other workers have taken over from the one in this process.");
    Runtime.getRuntime().halt(DEAD);
  }

  /** As a shell takes it for one word. */
  static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[\\w./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private void announce(LocalDeployment deployment, DataFolder folder) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Heliograph is ready.");
    out.println();
    deployment.places().forEach((what, where) -> out.printf("  %-20s%s%n", what, where));
    out.printf("  %-20s%s%n", "data", folder.path());
    out.println();
    out.println(
        deployment
            .firstKey()
            .map(ApiKey::text)
            .map(key -> "Your API key, shown this once: " + key)
            .orElse("For another API key: ./heliograph key new --data " + quoted(folder.path())));
    out.flush();
  }
}

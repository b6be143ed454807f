package dev.heliograph.local;

import dev.heliograph.config.ConfigurationException;
import dev.heliograph.health.CannotListenException;
import dev.heliograph.sandbox.SandboxMain;
import dev.heliograph.sandbox.UnusablePortException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code heliograph} command. */
@Command(
    name = "heliograph",
    description = "A self-hosted WhatsApp gateway, on this machine.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {LocalCommand.class, KeyCommand.class, WorkerCommand.class, SandboxMain.class})
final class Main {
  private Main() {}

  /** Exits with 0 when the command is done, 1 if it could not do it and 2 if it is no command. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine heliograph = new CommandLine(new Main());
    heliograph.getCommandSpec().versionProvider(Main::version);
    heliograph
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(Main::version));
    return heliograph.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (!isForTheUser(failure)) throw failure;
          String path = failure instanceof FileSystemException ? "cannot be used: " : "";
          command.getErr().println("heliograph: " + path + failure.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        });
  }

  private static String[] version() throws IOException {
    try (InputStream file = Main.class.getResourceAsStream("version.txt")) {
      byte[] version = Objects.requireNonNull(file, "version.txt").readAllBytes();
      return new String[] {"heliograph " + new String(version, StandardCharsets.UTF_8).strip()};
    }
  }

  /**
   * What the user can mend is said in a sentence; anything else is a defect and keeps its stack.
   */
  private static boolean isForTheUser(Exception failure) {
    return failure instanceof CannotStartException
        || failure instanceof CannotListenException
        || failure instanceof UnusablePortException
        || failure instanceof ConfigurationException
        || failure instanceof FileSystemException;
  }
}

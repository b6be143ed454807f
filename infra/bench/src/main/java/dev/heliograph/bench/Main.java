package dev.heliograph.bench;

import dev.heliograph.bench.chaos.ChaosCommand;
import dev.heliograph.bench.functions.FunctionsCommand;
import dev.heliograph.bench.stop.StopCommand;
import dev.heliograph.bench.takeover.TakeoverCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code heliograph bench} command. */
@Command(
    name = "heliograph bench",
    description = "Measures what happens when things go wrong.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ChaosCommand.class,
      TakeoverCommand.class,
      StopCommand.class,
      FunctionsCommand.class
    })
final class Main {
  private Main() {}

  /** Exits with 0 when all is as it should be, 1 if something is not and 2 if it is no command. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              // Anything else is a defect and keeps its stack.
              if (!(failure instanceof UnusableFolderException)) throw failure;
              command.getErr().println("heliograph bench: " + failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }
}

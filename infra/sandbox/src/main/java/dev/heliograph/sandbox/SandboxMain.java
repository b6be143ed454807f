package dev.heliograph.sandbox;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a sandbox until it is told to stop. */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description = "A WhatsApp Web server on loopback, with virtual phones.")
public final class SandboxMain implements Callable<Integer> {
  @Option(
      names = "--port",
      defaultValue = "7070",
      description = "where clients connect (default: ${DEFAULT-VALUE}; 0: any)")
  private int port;

  @Option(
      names = "--control-port",
      defaultValue = "7071",
      description = "where the control API listens (default: ${DEFAULT-VALUE}; 0: any)")
  private int controlPort;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FOLDER",
      description = "where accounts, keys and queues are kept")
  private Path data = Path.of(".");

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs until SIGTERM or Ctrl-C. */
  public static void main(String[] arguments) {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "sandbox-logback.xml");
    }
    System.exit(new CommandLine(new SandboxMain()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    Sandbox sandbox;
    try {
      LoopbackPort.check("--port", port);
      LoopbackPort.check("--control-port", controlPort);
      sandbox = Sandbox.start(SandboxOptions.in(data).withPort(port).withControlPort(controlPort));
    } catch (UnusablePortException | IllegalStateException failure) {
      spec.commandLine().getErr().println("heliograph: " + failure.getMessage());
      return 1;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "sandbox-stop"));
    System.out.printf(
        "WhatsApp: %s%ncontrol:  %s%nroot key: %s%n",
        sandbox.webSocketUri(), sandbox.controlUri(), sandbox.rootKey());
    new CountDownLatch(1).await();
    return 0;
  }
}

package dev.heliograph.sandbox.wire;

import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.SandboxMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A sandbox in a process of its own, which can be killed. */
final class SandboxProcess implements AutoCloseable {
  private final Process process;
  private final URI webSocket;
  private final ControlClient control;
  private final String rootKey;

  private SandboxProcess(Process process, List<String> said) {
    this.process = process;
    this.webSocket = URI.create(said.get(0));
    this.control = new ControlClient(URI.create(said.get(1)));
    this.rootKey = said.get(2);
  }

  static SandboxProcess start(Path folder) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                SandboxMain.class.getName(),
                "--port=0",
                "--control-port=0",
                "--data=" + folder)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String line = output.readLine();
      if (line == null) {
        throw new AssertionError("the sandbox has ended: " + process.onExit().join().exitValue());
      }
      said.add(line.substring(line.indexOf(": ") + 1).strip());
    }
    return new SandboxProcess(process, said);
  }

  ControlClient control() {
    return control;
  }

  Linked link(String msisdn) {
    return Linked.link(webSocket, rootKey, control, msisdn);
  }

  /** The same companion, at this process's address. */
  Linked found(Linked linked) {
    return new Linked(
        webSocket,
        rootKey,
        linked.companion(),
        linked.msisdn(),
        linked.device(),
        linked.identity());
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /**
   * SIGTERM.
   *
   * @return the exit status
   */
  int stop() {
    process.destroy();
    return process.onExit().join().exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}

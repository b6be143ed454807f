package dev.heliograph.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"", "local ", "worker ", "key "})
  void saysItsVersion(String command) {
    assertThat(run((command + "--version").split(" "))).isZero();

    assertThat(out.toString()).matches("heliograph \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void aWorkerWithoutAGatewaySaysWhatIsMissing() {
    assumeThat(System.getenv().keySet()).doesNotContainAnyElementsOf(WorkerCommand.AWS);

    assertThat(run("worker", "--data", folder.toString())).isEqualTo(CommandLine.ExitCode.SOFTWARE);

    assertThat(err.toString()).contains("no gateway", folder.toString()).doesNotContain("\tat ");
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}

package dev.heliograph.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SandboxMainTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--port", "--control-port"})
  void aPortInUseIsSaidSoAndNoFolderIsMade(String option) throws IOException {
    Path data = folder.resolve("data");
    StringWriter err = new StringWriter();

    try (ServerSocket somebody = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int taken = somebody.getLocalPort();
      int exitCode =
          new CommandLine(new SandboxMain())
              .setErr(new PrintWriter(err, true))
              .execute(option + "=" + taken, other(option) + "=0", "--data=" + data);

      assertThat(exitCode).isEqualTo(1);
      assertThat(err.toString()).contains("port " + taken + " is in use").contains(option);
    }
    assertThat(data).doesNotExist();
  }

  private static String other(String option) {
    return option.equals("--port") ? "--control-port" : "--port";
  }
}

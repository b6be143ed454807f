package dev.heliograph.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.config.ConfigurationException;
import dev.heliograph.sandbox.UnusablePortException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LocalCommandTest {
  @TempDir Path path;

  private DataFolder folder = new DataFolder(Path.of("set before each test"));
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void name() {
    folder = new DataFolder(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "70000"})
  void aPortThatThereIsNotIsSaidSo(String port) {
    assertThat(run("--port", port)).isEqualTo(CommandLine.ExitCode.SOFTWARE);

    assertThat(err.toString()).contains("--port").contains("0 to 65535").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--dynamodb-port", "--sqs-port", "--sandbox-port"})
  void aResetThatCannotStartWipesNothing(String option) throws IOException {
    Files.createDirectories(folder.dynamoDb());
    Path tables = Files.writeString(folder.dynamoDb().resolve("tables"), "all that there is");

    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String taken = String.valueOf(other.getLocalPort());
      assertThat(run("--sandbox", "--reset", "--port", "0", option, taken))
          .isEqualTo(CommandLine.ExitCode.SOFTWARE);

      assertThat(err.toString()).contains("port " + taken + " is in use").contains(option);
    }
    assertThat(tables).exists();
  }

  @Test
  void aFolderOfAStartThatFailedIsStillNobodys() throws Exception {
    Files.writeString(folder.dynamoDb(), "a file is in the way");

    assertThat(run("--port", "0")).isEqualTo(CommandLine.ExitCode.SOFTWARE);

    assertThat(folder.belongsTo(true)).isTrue();
  }

  @Test
  void aFolderThatHadAnOwnerKeepsItWhenAStartFails() throws Exception {
    Files.writeString(folder.dynamoDb(), "a file is in the way");
    folder.belongsTo(false);

    assertThat(run("--port", "0")).isEqualTo(CommandLine.ExitCode.SOFTWARE);

    assertThat(folder.belongsTo(false)).isFalse();
  }

  @Test
  void whatIsWrongWithTheVariablesIsSaidBeforeAnythingIsTouched() throws IOException {
    LocalOptions options = new LocalOptions();
    options.apiPort = 0;

    assertThatThrownBy(
            () -> LocalDeployment.check(folder, options, Map.of("HELIOGRAPH_BEAT", "often")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("HELIOGRAPH_BEAT");

    assertThat(path).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HELIOGRAPH_HEALTH_PORT", "HELIOGRAPH_STREAM_PORT"})
  void aPortOfTheWorkersThatIsTakenIsSaidBeforeAnythingIsTouched(String variable)
      throws IOException {
    LocalOptions options = new LocalOptions();
    options.apiPort = 0;

    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Map<String, String> taken = Map.of(variable, String.valueOf(other.getLocalPort()));
      assertThatThrownBy(() -> LocalDeployment.check(folder, options, taken))
          .isInstanceOf(UnusablePortException.class)
          .hasMessageContaining(variable);

      options.workerInProcess = false;
      LocalDeployment.check(folder, options, taken); // it is another process's
    }
    assertThat(path).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          /home/ada/.heliograph-1,  /home/ada/.heliograph-1
          /home/ada/my data,        '/home/ada/my data'
          /home/ada's/$HOME,        '/home/ada'\\''s/$HOME'
          """)
  void aFolderIsNamedAsAShellTakesIt(Path folder, String quoted) {
    assertThat(LocalCommand.quoted(folder)).isEqualTo(quoted);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("local", "--data", path.toString()));
    all.addAll(List.of(arguments));
    return Main.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}

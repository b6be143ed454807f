package dev.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
  @TempDir Path folder;

  private final StringWriter said = new StringWriter();

  private int chaos(String... options) {
    CommandLine bench = Main.commandLine().setErr(new PrintWriter(said));
    String[] command = new String[options.length + 3];
    command[0] = "chaos";
    command[1] = "--data";
    command[2] = folder.toString();
    System.arraycopy(options, 0, command, 3, options.length);
    return bench.execute(command);
  }

  @ParameterizedTest
  @CsvSource({
    "--dedup, maybe",
    "--sessions, 0",
    "--workers, 0",
    "--minutes, 0",
    "--rate, 0",
    "--ack-loss, 1.5",
    "--baileys, 11"
  })
  void anOptionOutOfItsRangeIsNamedAndNothingBegins(String option, String value) {
    assertThat(chaos(option, value)).isEqualTo(2);

    assertThat(said.toString()).contains(option);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderOfSomebodyElseIsLeftAloneAndNamed() throws IOException {
    Files.writeString(folder.resolve("thesis"), "mine");

    assertThat(chaos()).isEqualTo(1);

    assertThat(said.toString().lines())
        .containsExactly(
            "heliograph bench: %s is not empty, and no run of the bench was there"
                .formatted(folder));
    assertThat(folder).isDirectoryContaining("glob:**thesis");
  }
}

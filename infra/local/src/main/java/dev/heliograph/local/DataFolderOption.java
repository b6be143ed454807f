package dev.heliograph.local;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --data}, where a command needs it. */
final class DataFolderOption {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = ".heliograph",
      description = "Where data is kept (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of(".heliograph");

  DataFolder folder() {
    return new DataFolder(folder.toAbsolutePath().normalize());
  }
}

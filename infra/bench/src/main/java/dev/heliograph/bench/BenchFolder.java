package dev.heliograph.bench;

import dev.heliograph.bench.deployment.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a run keeps its data and its logs. */
public final class BenchFolder {
  private static final String MARK = "bench";

  private BenchFolder() {}

  /**
   * Makes the folder, or empties one that an earlier run has made.
   *
   * @throws UnusableFolderException if it holds what no run has put there
   */
  public static void clear(Path folder) throws IOException {
    Path mark = folder.resolve(MARK);
    if (Files.exists(folder) && Files.notExists(mark) && !isEmpty(folder)) {
      throw new UnusableFolderException(
          folder + " is not empty, and no run of the bench was there");
    }
    Files.createDirectories(folder);
    List<Path> contents;
    try (Stream<Path> walk = Files.walk(folder)) {
      // A folder's contents before the folder.
      contents =
          walk.filter(file -> !file.equals(folder)).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : contents) Files.delete(file);
    Files.createFile(mark);
  }

  /**
   * Takes a folder as an earlier run has left it, numbers and all.
   *
   * @throws UnusableFolderException if no run has
   */
  public static void keep(Path folder) {
    if (!Deployment.hasNumbers(folder)) {
      throw new UnusableFolderException("no run has paired numbers in " + folder);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}

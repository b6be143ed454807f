package dev.heliograph.sandbox.baileys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The Node.js that Baileys runs on, and Baileys itself, installed when a test first wants it. */
final class NodeJs {
  private static final int OLDEST = 20;
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*", Pattern.DOTALL);
  private static final List<String> FILES =
      List.of("client.mjs", "package.json", "package-lock.json", ".npmrc");

  private NodeJs() {}

  /** Skips the test without Node.js; where everything must run, fails it. */
  static void require() {
    boolean isThere = major() >= OLDEST && run(Path.of("."), "npm", "--version").isSuccess();
    String missing = "Baileys needs Node.js " + OLDEST + " or later and npm on the path";
    if ("1".equals(System.getenv("HELIOGRAPH_CI"))) {
      Assertions.assertTrue(isThere, missing);
    }
    Assumptions.assumeTrue(isThere, missing);
  }

  private static int major() {
    Matcher version = VERSION.matcher(run(Path.of("."), "node", "--version").output());
    return version.matches() ? Integer.parseInt(version.group(1)) : 0;
  }

  /**
   * Installs Baileys under the working directory's {@code target}, once for each state of its lock
   * file.
   *
   * @return the folder with {@code client.mjs}
   */
  static Path install() {
    Path folder = Path.of("target", "baileys").toAbsolutePath();
    try {
      Files.createDirectories(folder);
      // Two modules' tests, or two forks of one, may want it at the same time.
      try (FileChannel lock =
              FileChannel.open(
                  folder.resolve("install.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var held = lock.lock()) {
        String wanted = read("package-lock.json");
        Path installed = folder.resolve("installed-lock.json");
        for (String file : FILES) {
          Path copy = folder.resolve(file + ".new");
          Files.writeString(copy, read(file));
          Files.move(copy, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
          Result npm = run(folder, "npm", "ci", "--ignore-scripts");
          Assertions.assertTrue(npm.isSuccess(), () -> "npm ci failed:\n" + npm.output());
          Files.writeString(installed, wanted);
        }
        Assertions.assertTrue(held.isValid());
      }
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String read(String file) throws IOException {
    try (InputStream resource = NodeJs.class.getResourceAsStream("/baileys/" + file)) {
      if (resource == null) {
        throw new IllegalStateException("/baileys/" + file + " is not on the class path");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private record Result(boolean isSuccess, String output) {}

  private static Result run(Path folder, String... command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor() == 0, output);
    } catch (IOException notFound) {
      return new Result(false, "");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}

package dev.heliograph.local.lambda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/** AWS's runtime interface emulator, which the SAM CLI brings. */
public record Emulator(Path binary) {
  /** Of the SAM CLI in the checkout's virtual environment, or else of the one on the path. */
  public static Optional<Emulator> find(Path root) {
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "sam"));
    return Stream.concat(Stream.of(root.resolve(".venv/bin/sam")), onPath)
        .filter(Files::exists)
        .flatMap(sam -> besides(sam).stream())
        .findFirst();
  }

  /** Packages lie beside the folder of their commands. */
  private static Optional<Emulator> besides(Path sam) {
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64";
    Path inPackages = Path.of("site-packages/samcli/local/rapid", "aws-lambda-rie-" + architecture);
    try {
      Path libraries = sam.toRealPath().resolveSibling("../lib").normalize();
      if (!Files.isDirectory(libraries)) return Optional.empty();
      try (DirectoryStream<Path> pythons = Files.newDirectoryStream(libraries, "python*")) {
        for (Path python : pythons) {
          Path binary = python.resolve(inPackages);
          if (Files.exists(binary)) return Optional.of(new Emulator(executable(binary)));
        }
      }
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A wheel forgets which of its files are programs. */
  private static Path executable(Path binary) throws IOException {
    if (!Files.isExecutable(binary)) {
      Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return binary;
  }

  /** The same for a test, which is skipped without it; where CI runs, it must be there. */
  static Emulator required(Path root) {
    Optional<Emulator> found = find(root);
    if (found.isEmpty() && "1".equals(System.getenv("HELIOGRAPH_CI"))) {
      throw new AssertionError("no runtime interface emulator: infra/tools/check-template gets it");
    }
    assumeTrue(
        found.isPresent(), "no runtime interface emulator: infra/tools/check-template says how");
    return found.orElseThrow();
  }
}

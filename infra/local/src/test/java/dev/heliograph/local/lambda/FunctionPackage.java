package dev.heliograph.local.lambda;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The archive that the functions share, as the build has left it. */
public record FunctionPackage(Path zip) {
  /**
   * The one of this checkout.
   *
   * @param root of the checkout
   * @throws IllegalStateException if it was not built
   */
  public static FunctionPackage in(Path root) {
    Path zip = root.resolve("api-functions/target/api.zip");
    if (!Files.exists(zip)) throw new IllegalStateException("mvn package makes " + zip);
    return new FunctionPackage(zip);
  }

  public long bytes() throws IOException {
    return Files.size(zip);
  }

  /** What is in it, in its order. */
  List<ZipEntry> entries() throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      return file.stream().map(ZipEntry::new).toList();
    }
  }

  /** Lays it out as Lambda does, and returns the class path of Lambda's Java runtime with it. */
  String unpack(Path folder) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (Enumeration<? extends ZipEntry> left = file.entries(); left.hasMoreElements(); ) {
        ZipEntry entry = left.nextElement();
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          try (InputStream content = file.getInputStream(entry)) {
            Files.copy(content, target);
          }
        }
      }
    }
    return Stream.of(
            folder, folder.resolve("lib/*"), jar(AWSLambda.class), jar(PojoSerializer.class))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path jar(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

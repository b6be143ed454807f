package dev.heliograph.local;

import dev.heliograph.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A secret that is drawn once and kept in a file that only its owner may read. */
final class SecretFile {
  private static final int BYTES = 32;

  private SecretFile() {}

  /** The one in this file, or a new one if there is no file. Whoever calls has the folder alone. */
  static Secret open(Path file) throws IOException {
    if (Files.notExists(file)) {
      byte[] bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      // Moved into place whole: half a secret would be one too, and another one. A temporary file
      // is its owner's alone.
      Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "secret", ".draft");
      Files.writeString(draft, HexFormat.of().formatHex(bytes));
      Files.move(draft, file);
    }
    return new Secret(Files.readString(file));
  }
}

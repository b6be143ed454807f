package dev.heliograph.authstate;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** Wraps data keys with a key in a file that only its owner may read: for one machine, no KMS. */
public final class FileKeyWrapper implements KeyWrapper {
  private final DataKey key;

  private FileKeyWrapper(DataKey key) {
    this.key = key;
  }

  /** The key in {@code file}, which is made if it is not there. */
  public static FileKeyWrapper open(Path file, SecureRandom random) throws IOException {
    try {
      create(file, random);
    } catch (FileAlreadyExistsException made) {
      // By an earlier start, or by another worker on this machine a moment ago.
    }
    return new FileKeyWrapper(new DataKey(Files.readAllBytes(file), random));
  }

  private static void create(Path file, SecureRandom random) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    byte[] key = new byte[DataKey.BYTES];
    random.nextBytes(key);
    // Linked into place whole, so that no one ever reads half a key.
    Path draft = Files.createTempFile(folder, "key", ".draft");
    try {
      if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
      }
      Files.write(draft, key, StandardOpenOption.SYNC);
      Files.createLink(file, draft);
    } finally {
      Files.delete(draft);
    }
  }

  @Override
  public byte[] wrap(String place, byte[] dataKey) {
    return key.seal(place, dataKey);
  }

  @Override
  public byte[] unwrap(String place, byte[] wrapped) {
    return key.open(place, wrapped);
  }
}

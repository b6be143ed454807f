package dev.heliograph.authstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyWrapperTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] DATA_KEY = new byte[DataKey.BYTES];

  @TempDir Path folder;

  @Test
  void whatOneStartWrapsTheNextUnwraps() throws IOException {
    byte[] wrapped = open().wrap("a pairing", DATA_KEY);

    assertThat(open().unwrap("a pairing", wrapped)).isEqualTo(DATA_KEY);
  }

  @Test
  void aKeyIsUnwrappedForItsOwnPairingAlone() throws IOException {
    byte[] wrapped = open().wrap("a pairing", DATA_KEY);

    FileKeyWrapper wrapper = open();
    assertThatThrownBy(() -> wrapper.unwrap("another pairing", wrapped))
        .isInstanceOf(UnsealException.class);
  }

  @Test
  void onlyItsOwnerMayReadTheFile() throws IOException {
    open();

    Path file = folder.resolve("key");
    Assumptions.assumeTrue(
        Files.getFileStore(file).supportsFileAttributeView("posix"), "no POSIX permissions here");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void workersThatStartTogetherAgreeOnOneKey() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Future<FileKeyWrapper>> starts =
          pool.invokeAll(
              IntStream.range(0, 8).<Callable<FileKeyWrapper>>mapToObj(i -> this::open).toList());
      byte[] wrapped = starts.getFirst().get().wrap("a pairing", DATA_KEY);

      for (Future<FileKeyWrapper> start : starts) {
        assertThat(start.get().unwrap("a pairing", wrapped)).isEqualTo(DATA_KEY);
      }
    }
  }

  private FileKeyWrapper open() throws IOException {
    return FileKeyWrapper.open(folder.resolve("key"), RANDOM);
  }
}

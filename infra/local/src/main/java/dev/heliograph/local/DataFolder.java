package dev.heliograph.local;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.config.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Where a local deployment keeps what survives a restart. One process has it at a time. */
record DataFolder(Path path) {
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rwx------");

  /** Ours until it is closed or this process dies. */
  interface Claim extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** Claims the folder, making it where there is none; nothing if another process has it. */
  Optional<Claim> claim() throws IOException {
    makePrivate();
    FileChannel channel = FileChannel.open(path.resolve("lock"), CREATE, WRITE);
    if (isLocked(channel)) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(channel::close);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException byThisProcess) {
      return true;
    }
  }

  /** Keys and sessions are nobody else's on this machine, whoever has made the folder. */
  private void makePrivate() throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new CannotStartException("%s is no folder.".formatted(path));
    }
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(path);
    } else if (Files.notExists(path)) {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
    } else if (!OWNER_ALONE.containsAll(Files.getPosixFilePermissions(path))) {
      close(path);
    }
  }

  private static void close(Path folder) throws IOException {
    try {
      Files.setPosixFilePermissions(folder, OWNER_ALONE);
    } catch (FileSystemException notOurs) {
      throw new CannotStartException(
          "others can read %s, and it is not yours to change. Choose another folder with --data."
              .formatted(folder));
    }
  }

  /** Removes what we keep there and nothing else, for whoever has claimed the folder. */
  void wipe() throws IOException {
    for (Path own :
        List.of(
            dynamoDb(),
            sandbox(),
            streamPositions(),
            wrappingKey(),
            webhookSecretKeyFile(),
            whatsapp(),
            published())) {
      if (Files.exists(own)) delete(own);
    }
  }

  private static void delete(Path root) throws IOException {
    List<Path> contents;
    try (Stream<Path> walk = Files.walk(root)) {
      // A folder's contents before the folder.
      contents = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : contents) Files.delete(file);
  }

  /** The tables. */
  Path dynamoDb() {
    return path.resolve("dynamodb");
  }

  /** The key that wraps the data keys of auth-state. */
  Path wrappingKey() {
    return path.resolve("auth-state.key");
  }

  /** What the signing secrets of webhooks are sealed with. */
  Secret webhookSecretKey() throws IOException {
    return SecretFile.open(webhookSecretKeyFile());
  }

  private Path webhookSecretKeyFile() {
    return path.resolve("webhook-secret.key");
  }

  /** How far fan-out has read the journal's stream. */
  Path streamPositions() {
    return path.resolve("event-fanout.positions.json");
  }

  /** The sandbox's accounts and phones. */
  Path sandbox() {
    return path.resolve("sandbox");
  }

  /**
   * Notes at the first start which WhatsApp the numbers are of. WhatsApp would be shown the
   * sandbox's numbers otherwise, and a sandbox would log out real ones.
   *
   * @return whether this is the first start
   * @throws CannotStartException if they are of the other one
   */
  boolean belongsTo(boolean isSandbox) throws IOException {
    String wanted = isSandbox ? "sandbox" : "whatsapp";
    if (Files.notExists(whatsapp())) {
      Files.writeString(whatsapp(), wanted);
      return true;
    }
    if (!Files.readString(whatsapp()).equals(wanted)) {
      throw new CannotStartException(
          ("the numbers in %s are %s. Start %s --sandbox, choose another folder with --data,"
                  + " or wipe this one with --reset.")
              .formatted(
                  path,
                  isSandbox ? "WhatsApp's" : "the sandbox's",
                  isSandbox ? "without" : "with"));
    }
    return false;
  }

  /** Takes that note back: the first start has failed, and so there is no number yet. */
  void belongsToNobody() throws IOException {
    Files.delete(whatsapp());
  }

  private Path whatsapp() {
    return path.resolve("whatsapp");
  }

  /** Tells other processes on this machine what they need to take part in the deployment. */
  void publish(Map<String, String> variables) throws IOException {
    Files.write(published(), new ObjectMapper().writeValueAsBytes(variables));
  }

  /** What the process that has the folder open has published; nothing if no other has it. */
  Optional<Map<String, String>> publishedByOther() throws IOException {
    if (Files.notExists(path)) return Optional.empty();
    Optional<Claim> claim = claim();
    if (claim.isPresent()) {
      claim.get().close();
      return Optional.empty();
    }
    Optional<Map<String, String>> variables = readPublished();
    if (variables.isEmpty()) {
      throw new CannotStartException(
          "the heliograph that has %s open is still starting.".formatted(path));
    }
    return variables;
  }

  /**
   * Takes back what an earlier process had published.
   *
   * @return what that was, if it is whole
   */
  Optional<Map<String, String>> withdraw() throws IOException {
    Optional<Map<String, String>> before = readPublished();
    Files.deleteIfExists(published());
    return before;
  }

  private Optional<Map<String, String>> readPublished() throws IOException {
    try {
      return Optional.of(
          new ObjectMapper().readValue(Files.readAllBytes(published()), new TypeReference<>() {}));
    } catch (NoSuchFileException | JsonProcessingException none) {
      return Optional.empty();
    }
  }

  private Path published() {
    return path.resolve("deployment.json");
  }
}

package dev.heliograph.local.eventsource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a stream has been handled, shard by shard, in a file that survives a kill. Lost or
 * unreadable, all that the stream still has is handled again.
 */
final class StreamPositions {
  private static final Logger log = LoggerFactory.getLogger(StreamPositions.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * How far one shard has been handled.
   *
   * @param after the sequence number of the last record that is done with; null before the first
   * @param ended whether that was the shard's last record
   */
  record Position(@Nullable String after, boolean ended) {
    static final Position START = new Position(null, false);
  }

  private final Path file;
  private final Map<String, Position> positions;
  private Instant writtenAt;

  private StreamPositions(Path file, Map<String, Position> positions, Instant writtenAt) {
    this.file = file;
    this.positions = positions;
    this.writtenAt = writtenAt;
  }

  /** As they were last written, or at the start where there is no file. */
  static StreamPositions in(Path file) {
    return new StreamPositions(file, read(file), writtenAt(file));
  }

  /** When anything was handled last. */
  Instant writtenAt() {
    return writtenAt;
  }

  /**
   * Whether the stream, which has these shards now, has dropped some before they were handled to
   * their end; or all that were known, and so perhaps others of which nobody knew.
   */
  boolean isBehind(Set<String> shards) {
    boolean unendedIsGone =
        positions.entrySet().stream()
            .anyMatch(known -> !shards.contains(known.getKey()) && !known.getValue().ended());
    boolean allAreGone = !positions.isEmpty() && Collections.disjoint(positions.keySet(), shards);
    return unendedIsGone || allAreGone;
  }

  Optional<String> after(String shard) {
    return Optional.ofNullable(position(shard).after());
  }

  boolean hasEnded(String shard) {
    return position(shard).ended();
  }

  /** Everything up to and with this record of the shard is done with. */
  void advance(String shard, String sequenceNumber) {
    positions.put(shard, new Position(sequenceNumber, false));
    write();
  }

  /** The shard will have no more records than have been handled. */
  void end(String shard) {
    positions.put(shard, new Position(position(shard).after(), true));
    write();
  }

  /** Forgets the shards that the stream no longer has. */
  void retain(Set<String> shards) {
    if (positions.keySet().retainAll(shards)) write();
  }

  private Position position(String shard) {
    return positions.getOrDefault(shard, Position.START);
  }

  private static Map<String, Position> read(Path file) {
    try {
      if (Files.notExists(file)) return new LinkedHashMap<>();
      return JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {});
    } catch (JsonProcessingException unreadable) {
      log.atWarn().addKeyValue("file", file).log("stream positions are unreadable: handling anew");
      return new LinkedHashMap<>();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Instant writtenAt(Path file) {
    try {
      return Files.exists(file) ? Files.getLastModifiedTime(file).toInstant() : Instant.EPOCH;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void write() {
    try {
      // Written beside it first, so that a kill leaves the old file or the new one.
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.write(next, JSON.writeValueAsBytes(positions));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      writtenAt = Instant.now();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

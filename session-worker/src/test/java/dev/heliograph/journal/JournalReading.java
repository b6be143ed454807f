package dev.heliograph.journal;

import com.google.protobuf.ByteString;
import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.DataKey;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.StatusProjection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** A reader of journals that shares nothing with {@link SessionLog} but the format of an entry. */
public final class JournalReading {
  private final Function<PairingId, Optional<DataKey>> keys;
  private SessionState state = new SessionState();
  private final Map<String, ByteString> records = new LinkedHashMap<>();

  /** What an entry seals. */
  public record Sealed(Map<String, Optional<ByteString>> records, List<ByteString> stanzas) {}

  /**
   * A reader that has read nothing.
   *
   * @param keys those of the pairings that are not over
   */
  public JournalReading(Function<PairingId, Optional<DataKey>> keys) {
    this.keys = keys;
  }

  /** What the entry says. */
  public static List<Fact> facts(Entry entry) {
    return FactJson.read(entry.facts());
  }

  /** Its place and the names of its facts. */
  public static String describe(Entry entry) {
    return facts(entry).stream()
        .map(fact -> fact.getClass().getSimpleName())
        .collect(Collectors.joining(", ", entry.seq() + " [", "]"));
  }

  /** What a session's memory amounts to. */
  public static String json(SessionState state) {
    return FactJson.write(state);
  }

  /** Reads the next entry; returns what it seals. */
  public Sealed read(Entry entry) {
    PairingId before = state.pairing().orElse(null);
    for (Fact fact : facts(entry)) {
      state.apply(entry.seq(), fact);
      if (fact instanceof Fact.RatchetsDropped) {
        records
            .keySet()
            .removeIf(name -> name.startsWith("session#") || name.startsWith("sender-key#"));
      }
    }
    state.count(entry.events().size());
    PairingId after = state.pairing().orElse(null);
    if (after == null || !after.equals(before)) {
      records.clear();
    }
    Sealed sealed = unseal(entry);
    if (after != null && after.value().equals(entry.pairing())) {
      sealed
          .records()
          .forEach(
              (name, value) ->
                  value.ifPresentOrElse(
                      there -> records.put(name, there), () -> records.remove(name)));
    }
    return sealed;
  }

  private Sealed unseal(Entry entry) {
    SdkBytes sealed = entry.sealed();
    Optional<DataKey> key = pairing(entry).flatMap(keys);
    if (sealed == null || key.isEmpty()) {
      return new Sealed(Map.of(), List.of());
    }
    String partition = AuthState.partition(entry.instance(), pairing(entry).orElseThrow());
    String place = partition + "/entry/" + entry.seq();
    SealedPartCodec.Contents contents =
        SealedPartCodec.read(key.get().open(place, sealed.asByteArray()));
    return new Sealed(contents.records(), contents.stanzas());
  }

  private static Optional<PairingId> pairing(Entry entry) {
    @Nullable String pairing = entry.pairing();
    return Optional.ofNullable(pairing).map(PairingId::new);
  }

  /** The fold of what was read. */
  public SessionState state() {
    return state;
  }

  /** What the instance's row is to show after what was read. */
  public StatusProjection projection() {
    return state.projection();
  }

  /** Every record as what was read leaves it; those that were removed are not there. */
  public Map<String, ByteString> records() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(records));
  }
}

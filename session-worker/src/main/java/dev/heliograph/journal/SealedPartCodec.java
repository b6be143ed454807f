package dev.heliograph.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.journal.proto.RecordChange;
import dev.heliograph.journal.proto.SealedPart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one mapping between what an entry seals and its bytes. */
final class SealedPartCodec {
  private SealedPartCodec() {}

  /**
   * What an entry seals.
   *
   * @param records by name; empty for a removed one
   */
  record Contents(Map<String, Optional<ByteString>> records, List<ByteString> stanzas) {
    boolean isEmpty() {
      return records.isEmpty() && stanzas.isEmpty();
    }

    @Override
    public String toString() {
      return "Contents[records=" + records.size() + ", stanzas=" + stanzas.size() + "]";
    }
  }

  static byte[] write(Contents contents) {
    SealedPart.Builder part = SealedPart.newBuilder().addAllStanzas(contents.stanzas());
    contents
        .records()
        .forEach(
            (name, value) -> {
              RecordChange.Builder change = part.addRecordsBuilder().setName(name);
              value.ifPresent(change::setValue);
            });
    return part.build().toByteArray();
  }

  static Contents read(byte[] bytes) {
    try {
      SealedPart part = SealedPart.parseFrom(bytes);
      Map<String, Optional<ByteString>> records = new LinkedHashMap<>();
      for (RecordChange change : part.getRecordsList()) {
        records.put(
            change.getName(),
            change.hasValue() ? Optional.of(change.getValue()) : Optional.empty());
      }
      return new Contents(records, part.getStanzasList());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a sealed part that opened cannot be read", e);
    }
  }
}

package dev.heliograph.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.heliograph.journal.proto.RecordChange;
import dev.heliograph.journal.proto.SealedPart;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The one mapping between what an entry seals and its bytes: a {@link SealedPart}, or a byte that
 * says 1 and then a {@link SealedPart} deflated. No tag of Protobuf is 1: versions that know the
 * former alone fail over the latter, and append nothing to what they cannot read.
 */
final class SealedPartCodec {
  private static final byte DEFLATED = 1;
  private static final int BUFFER = 4096;
  private static final byte RECORDS_TAG = tag(SealedPart.RECORDS_FIELD_NUMBER);
  private static final byte STANZAS_TAG = tag(SealedPart.STANZAS_FIELD_NUMBER);

  private SealedPartCodec() {}

  private static byte tag(int field) {
    return (byte) (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

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
    byte[] plain = part.build().toByteArray();
    byte[] deflated = deflate(plain);
    return deflated.length < plain.length ? deflated : plain;
  }

  /**
   * What was sealed, by this version or one before.
   *
   * @throws UnreadableJournalException if a newer version has written it in another way
   */
  static Contents read(byte[] bytes) {
    try {
      return contents(SealedPart.parseFrom(plain(bytes)));
    } catch (InvalidProtocolBufferException | DataFormatException e) {
      throw new IllegalStateException("a sealed part that opened cannot be read", e);
    }
  }

  private static byte[] plain(byte[] bytes) throws DataFormatException {
    byte first = bytes[0];
    if (first == DEFLATED) {
      return inflate(bytes);
    }
    if (first != RECORDS_TAG && first != STANZAS_TAG) {
      throw new UnreadableJournalException("a sealed part has format " + first);
    }
    return bytes;
  }

  private static Contents contents(SealedPart part) {
    Map<String, Optional<ByteString>> records = new LinkedHashMap<>();
    for (RecordChange change : part.getRecordsList()) {
      records.put(
          change.getName(), change.hasValue() ? Optional.of(change.getValue()) : Optional.empty());
    }
    return new Contents(records, part.getStanzasList());
  }

  private static byte[] deflate(byte[] plain) {
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(plain);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length);
      out.write(DEFLATED);
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  private static byte[] inflate(byte[] deflated) throws DataFormatException {
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(deflated, 1, deflated.length - 1);
      ByteArrayOutputStream out = new ByteArrayOutputStream(2 * deflated.length);
      byte[] buffer = new byte[BUFFER];
      while (!inflater.finished()) {
        int more = inflater.inflate(buffer);
        if (more == 0 && !inflater.finished()) {
          throw new DataFormatException("it ends too early");
        }
        out.write(buffer, 0, more);
      }
      return out.toByteArray();
    }
  }
}

package dev.heliograph.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.journal.SealedPartCodec.Contents;
import dev.heliograph.journal.proto.SealedPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SealedPartCodecTest {
  private static final ByteString SESSION = ByteString.copyFromUtf8("a key, a key, a key, a key");
  private static final Contents CONTENTS = contents();

  private static Contents contents() {
    Map<String, Optional<ByteString>> records = new LinkedHashMap<>();
    records.put("session#1234567_1", Optional.of(SESSION));
    records.put("prekeys#51", Optional.empty());
    return new Contents(
        records, List.of(ByteString.copyFromUtf8("stanza"), ByteString.copyFromUtf8("another")));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    assertThat(SealedPartCodec.read(SealedPartCodec.write(CONTENTS))).isEqualTo(CONTENTS);
  }

  @Test
  void whatEveryVersionHasWrittenIsRead() throws IOException {
    assertThat(SealedPartCodec.read(golden("sealed-part.hex"))).isEqualTo(CONTENTS);
    assertThat(SealedPartCodec.read(golden("sealed-part-deflated.hex"))).isEqualTo(CONTENTS);
  }

  @Test
  void whatRepeatsItselfIsWrittenOnce() {
    byte[] keys = new byte[20_000];
    new Random(1).nextBytes(keys);
    ByteString twice = ByteString.copyFrom(keys).concat(ByteString.copyFrom(keys));

    assertThat(SealedPartCodec.write(record(twice)).length).isLessThan(21_000);
    assertThat(SealedPartCodec.read(SealedPartCodec.write(record(twice)))).isEqualTo(record(twice));
  }

  @Test
  void whatDoesNotIsNotMadeLonger() {
    byte[] keys = new byte[500];
    new Random(1).nextBytes(keys);

    byte[] written = SealedPartCodec.write(record(ByteString.copyFrom(keys)));

    assertThat(written.length).isLessThan(520);
    assertThat(SealedPartCodec.read(written)).isEqualTo(record(ByteString.copyFrom(keys)));
  }

  /** A version that parsed every sealed part as it was took no deflated one for an empty one. */
  @Test
  void aDeflatedPartIsNoPartToThoseWhoDoNotInflateIt() throws IOException {
    byte[] deflated = golden("sealed-part-deflated.hex");

    assertThatThrownBy(() -> SealedPart.parseFrom(deflated))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void whatANewerVersionHasWrittenIsLeftToIt() {
    assertThatThrownBy(() -> SealedPartCodec.read(new byte[] {2, 1, 2, 3}))
        .isInstanceOf(UnreadableJournalException.class);
  }

  @Test
  void aPartThatIsCutOffIsNotTakenForAWholeOne() throws IOException {
    byte[] deflated = golden("sealed-part-deflated.hex");

    for (int length = 1; length < deflated.length; length++) {
      byte[] cut = Arrays.copyOf(deflated, length);
      assertThatThrownBy(() -> SealedPartCodec.read(cut)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static Contents record(ByteString value) {
    return new Contents(Map.of("session#1", Optional.of(value)), List.of());
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = SealedPartCodecTest.class.getResourceAsStream("/golden/" + name)) {
      assertThat(file).as(name).isNotNull();
      return HexFormat.of()
          .parseHex(new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }
}

package dev.heliograph.whatsapp.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.whatsapp.crypto.KeyPair;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PreKeysTest {
  private final MapRecords records = new MapRecords();
  private final Random random = new Random(1);

  @Test
  void newKeysAreNumberedFromOneAndKeptFiftyToARecord() {
    List<PreKey> keys = preKeys().toUpload(100);

    assertThat(keys)
        .extracting(PreKey::id)
        .isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
    assertThat(records.all()).containsOnlyKeys("prekeys", "prekeys#1", "prekeys#51");
    assertThat(preKeys().find(77).map(KeyPair::publicKey)).contains(keys.get(76).publicKey());
  }

  @Test
  void keysThatTheServerMayNotHaveAreUploadedAgain() {
    List<PreKey> first = preKeys().toUpload(60);

    assertThat(preKeys().toUpload(60)).isEqualTo(first);
    assertThat(preKeys().toUpload(70)).startsWith(first.toArray(PreKey[]::new)).hasSize(70);

    preKeys().uploaded(first);
    assertThat(preKeys().toUpload(10))
        .extracting(PreKey::id)
        .containsExactlyElementsOf(ids(61, 70));
  }

  @Test
  void aKeyThatWasGivenAwayIsNeverUploaded() {
    PreKey given = preKeys().give();

    assertThat(preKeys().toUpload(3)).extracting(PreKey::id).containsExactly(2, 3, 4);
    assertThat(preKeys().find(given.id())).isPresent();
  }

  @Test
  void keysThatWereGivenAwayAndNeverUsedDoNotPileUp() {
    List<PreKey> uploaded = preKeys().toUpload(20);
    preKeys().uploaded(uploaded);
    for (int i = 0; i < 10 * PreKeys.MOST_GIVEN; i++) preKeys().give();
    PreKey last = preKeys().give();

    assertThat(preKeys().count()).isEqualTo(20 + PreKeys.MOST_GIVEN);
    assertThat(preKeys().has(uploaded.getFirst().id())).isTrue();
    assertThat(preKeys().has(21)).isFalse();
    assertThat(preKeys().find(last.id() - PreKeys.MOST_GIVEN + 1)).isPresent();
    assertThat(records.all()).hasSizeLessThan(6);
  }

  @Test
  void aKeyThatWasUsedIsGoneAndItsIdIsNotUsedAgain() {
    List<PreKey> keys = preKeys().toUpload(3);
    preKeys().uploaded(keys);
    preKeys().remove(3);

    assertThat(preKeys().find(3)).isEmpty();
    assertThat(preKeys().has(3)).isFalse();
    assertThat(preKeys().count()).isEqualTo(2);
    assertThat(preKeys().give().id()).isEqualTo(4);
  }

  @Test
  void aRecordWhoseKeysAreAllUsedIsRemoved() {
    preKeys().uploaded(preKeys().toUpload(120));
    for (int id = 1; id <= 100; id++) preKeys().remove(id);

    assertThat(preKeys().count()).isEqualTo(20);
    assertThat(records.all()).containsOnlyKeys("prekeys", "prekeys#101");
  }

  private PreKeys preKeys() {
    return new PreKeys(records, random);
  }

  private static List<Integer> ids(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }
}

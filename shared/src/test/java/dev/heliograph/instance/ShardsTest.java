package dev.heliograph.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.id.IdGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardsTest {
  @Test
  void anIdHasAlwaysTheSameShard() {
    InstanceId id = new InstanceId("inst_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    // What was stored by an earlier version must be what a later one computes.
    assertThat(Shards.of(id, 16)).isEqualTo(10);
    assertThat(Shards.of(id, 1)).isZero();
  }

  @Test
  void neighboursAreSpreadEvenly() {
    int perShard = 500;

    var sizes =
        IntStream.range(0, 16 * perShard)
            .mapToObj(i -> InstanceId.draw(IdGenerator.random()))
            .collect(Collectors.groupingBy(id -> Shards.of(id, 16), Collectors.counting()));

    // Six standard deviations: a fair hash fails this once in a hundred million runs.
    assertThat(sizes).hasSize(16);
    assertThat(sizes.values()).allMatch(size -> Math.abs(size - perShard) < 130);
  }
}

package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SeenTest {
  private static final int SHARD = 3;
  private static final Instant AT = Instant.parse("2026-05-01T12:00:00Z");
  private static final InstanceId LIVE = InstanceId.draw(IdGenerator.random());

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.FLEET);

  private final Map<InstanceId, Optional<Instant>> lost = new HashMap<>();
  private final Map<InstanceId, Instant> down = new HashMap<>();

  private static List<InstanceId> instances(int number) {
    return Stream.generate(() -> InstanceId.draw(IdGenerator.random())).limit(number).toList();
  }

  /** As it is read again. */
  private Seen written() {
    Fleet fleet = new Fleet(dynamoDb.client(), dynamoDb.prefix());
    Seen seen = Seen.of(AT, lost, down);
    fleet.see(SHARD, seen);
    assertThat(fleet.seen(SHARD)).contains(seen);
    return seen;
  }

  @Test
  void whatIsNotNamedIsLive() {
    InstanceId unknown = instances(1).getFirst();
    InstanceId known = instances(1).getFirst();
    InstanceId disconnected = instances(1).getFirst();
    lost.put(unknown, Optional.empty());
    lost.put(known, Optional.of(AT.minusSeconds(60)));
    down.put(disconnected, AT.minusSeconds(90));

    Seen seen = written();

    assertThat(seen.liveAt(LIVE, true)).contains(AT);
    assertThat(seen.liveAt(LIVE, false)).isEmpty();
    assertThat(seen.liveAt(unknown, true)).isEmpty();
    assertThat(seen.liveAt(known, true)).contains(AT.minusSeconds(60));
    assertThat(seen.liveAt(disconnected, false)).contains(AT.minusSeconds(90));
  }

  @Test
  void ofThoseThatCannotBeNamedNothingIsSaidThatIsNotTrue() {
    List<InstanceId> many = instances(6_000);
    for (int i = 0; i < many.size(); i++) {
      lost.put(many.get(i), Optional.of(AT.minusSeconds(i)));
    }

    Seen seen = written();

    assertThat(lost)
        .allSatisfy(
            (id, liveAt) ->
                assertThat(seen.liveAt(id, true).orElseThrow())
                    .isBeforeOrEqualTo(liveAt.orElseThrow()));
    assertThat(seen.liveAt(many.getLast(), true)).contains(AT.minusSeconds(5_999));
    assertThat(seen.liveAt(LIVE, true).orElseThrow()).isBefore(AT);
  }

  @Test
  void ofTooManyOfWhichNothingIsKnownNothingIsSaid() {
    instances(6_000).forEach(id -> lost.put(id, Optional.empty()));

    Seen seen = written();

    assertThat(lost.keySet()).allSatisfy(id -> assertThat(seen.liveAt(id, true)).isEmpty());
    assertThat(seen.liveAt(LIVE, true)).isEmpty();
  }

  @Test
  void howeverManyAreDownWhatIsLiveIsSeen() {
    List<InstanceId> many = instances(6_000);
    many.forEach(id -> down.put(id, AT.minusSeconds(many.indexOf(id) + 1)));

    Seen seen = written();

    assertThat(seen.liveAt(LIVE, true)).contains(AT);
    assertThat(seen.liveAt(many.getFirst(), false)).contains(AT.minusSeconds(1));
    assertThat(seen.liveAt(many.getLast(), false)).isEmpty(); // its own row knows something older
  }
}

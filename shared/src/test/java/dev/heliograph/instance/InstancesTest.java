package dev.heliograph.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.json.Json;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InstancesTest {
  // In a year when nothing of it expires while the test runs.
  private static final Instant NOW = Instant.parse("2100-05-01T12:34:56.789Z");
  private static final PairingId PAIRING = PairingId.draw(IdGenerator.random());
  private static final int SHARD = 5;

  @RegisterExtension static final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.INSTANCES);

  private final CustomerId customer = CustomerId.draw(IdGenerator.random());
  private final Instances instances = at(NOW);

  @Test
  void whatWasCreatedIsFound() {
    Instance created = created();

    assertThat(instances.find(customer, created.id())).contains(created);
    assertThat(instances.load(created.id())).contains(created);
  }

  @Test
  void creatingItAgainChangesNothing() {
    Instance created = created();
    instances.wish(customer, created.id(), Desired.RUNNING);

    instances.create(created);

    assertThat(instances.load(created.id()).orElseThrow().wish()).isEqualTo(1);
  }

  @Test
  void nobodyElseFindsOrWishesAnything() {
    Instance created = created();
    CustomerId other = CustomerId.draw(IdGenerator.random());

    assertThat(instances.find(other, created.id())).isEmpty();
    assertThat(instances.list(other)).isEmpty();
    assertThat(instances.wish(other, created.id(), Desired.DELETED)).isEmpty();
    assertThat(instances.load(created.id())).contains(created);
  }

  @Test
  void aWishForWhatDoesNotExistCreatesNothing() {
    InstanceId none = InstanceId.draw(IdGenerator.random());

    assertThat(instances.wish(customer, none, Desired.RUNNING)).isEmpty();
    instances.project(none, 1, projection(InstanceStatus.CONNECTED, null));
    instances.retire(none, 2);

    assertThat(instances.load(none)).isEmpty();
  }

  @Test
  void eachWishHasTheNextNumber() {
    Instance created = created();
    Instances later = at(NOW.plusSeconds(9));

    assertThat(instances.wish(customer, created.id(), Desired.RUNNING).orElseThrow().wish())
        .isEqualTo(1);
    Instance second = later.wish(customer, created.id(), Desired.STOPPED).orElseThrow();

    assertThat(second.wish()).isEqualTo(2);
    assertThat(second.desired()).isEqualTo(Desired.STOPPED);
    assertThat(second.updatedAt()).isEqualTo(NOW.plusSeconds(9));
  }

  @Test
  void aStartIsWishedUntilTheWishIsUsedUp() {
    Instance created = created();
    Instance wished = instances.wish(customer, created.id(), Desired.RUNNING).orElseThrow();
    assertThat(created.isStartWished()).isFalse();
    assertThat(wished.isStartWished()).isTrue();

    instances.project(
        created.id(),
        1,
        new StatusProjection(
            InstanceStatus.PENDING, StatusReason.QR_TIMEOUT, null, null, null, 1, null, null, NOW));

    Instance used = instances.load(created.id()).orElseThrow();
    assertThat(used.isStartWished()).isFalse();
    assertThat(used.usedWish()).isEqualTo(1);
    assertThat(instances.wish(customer, created.id(), Desired.RUNNING).orElseThrow())
        .matches(Instance::isStartWished);
  }

  @Test
  void aDeletedOneIsForItsSessionAlone() {
    Instance created = created();

    instances.wish(customer, created.id(), Desired.DELETED);

    assertThat(instances.find(customer, created.id())).isEmpty();
    assertThat(instances.list(customer)).isEmpty();
    assertThat(instances.wish(customer, created.id(), Desired.RUNNING)).isEmpty();
    Instance left = instances.load(created.id()).orElseThrow();
    assertThat(left.isDeleted()).isTrue();
    assertThat(left.desired()).isEqualTo(Desired.DELETED);
    assertThat(onShard(created.id()))
        .containsExactly(
            new InstanceWish(created.id(), Desired.DELETED, 1, 0, InstanceStatus.PENDING));
  }

  @Test
  void aProjectionIsTheWholeOfWhatTheSessionSays() {
    Instance created = created();
    QrCode qr = new QrCode("2@raw", NOW.plusSeconds(60), 2);
    StatusProjection first =
        new StatusProjection(
            InstanceStatus.QR, null, null, null, PAIRING, 0, qr, NOW.plusSeconds(1), NOW);

    instances.project(created.id(), 1, first);
    Instance shown = instances.find(customer, created.id()).orElseThrow();

    assertThat(shown.status()).isEqualTo(InstanceStatus.QR);
    assertThat(shown.qr()).isEqualTo(qr);
    assertThat(shown.pairing()).isEqualTo(PAIRING);
    assertThat(shown.lastSeenAt()).isEqualTo(NOW.plusSeconds(1));
    assertThat(shown.statusAt()).isEqualTo(NOW);
    assertThat(shown.seq()).isEqualTo(1);
    assertThat(shown.name()).isEqualTo(created.name());
    assertThat(shown.metadata()).isEqualTo(created.metadata());

    instances.project(
        created.id(),
        2,
        new StatusProjection(
            InstanceStatus.FAILED,
            StatusReason.LOGGED_OUT,
            new PhoneNumber("6281100000000"),
            "1@lid",
            null,
            3,
            null,
            null,
            NOW.plusSeconds(2)));
    Instance failed = instances.find(customer, created.id()).orElseThrow();

    assertThat(failed.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(failed.statusReason()).isEqualTo(StatusReason.LOGGED_OUT);
    assertThat(failed.phoneNumber()).isEqualTo(new PhoneNumber("6281100000000"));
    assertThat(failed.lid()).isEqualTo("1@lid");
    assertThat(failed.usedWish()).isEqualTo(3);
    assertThat(failed.pairing()).isNull();
    assertThat(failed.qr()).isNull();
    assertThat(failed.lastSeenAt()).isNull();
    assertThat(failed.updatedAt()).isEqualTo(NOW.plusSeconds(2));
  }

  @Test
  void whatComesLateOrTwiceChangesNothing() {
    Instance created = created();
    instances.project(created.id(), 7, projection(InstanceStatus.CONNECTED, PAIRING));
    Instance connected = instances.load(created.id()).orElseThrow();

    instances.project(created.id(), 7, projection(InstanceStatus.FAILED, null));
    instances.project(created.id(), 6, projection(InstanceStatus.CONNECTING, null));

    assertThat(instances.load(created.id())).contains(connected);
  }

  @Test
  void wishAndProjectionLeaveEachOtherAlone() {
    Instance created = created();

    instances.wish(customer, created.id(), Desired.STOPPED);
    instances.project(created.id(), 1, projection(InstanceStatus.CONNECTED, PAIRING));
    instances.wish(customer, created.id(), Desired.RUNNING);

    Instance row = instances.load(created.id()).orElseThrow();
    assertThat(row.status()).isEqualTo(InstanceStatus.CONNECTED);
    assertThat(row.desired()).isEqualTo(Desired.RUNNING);
    assertThat(row.wish()).isEqualTo(2);
  }

  @Test
  void aRetiredOneHasLeftItsShardAndExpires() {
    Instance created = created();
    instances.wish(customer, created.id(), Desired.DELETED);

    instances.retire(created.id(), 9);

    assertThat(onShard(created.id())).isEmpty();
    Instance row = instances.load(created.id()).orElseThrow();
    assertThat(row.shard()).isEqualTo(Instance.RETIRED);
    assertThat(at(NOW.plus(Duration.ofDays(44))).load(created.id())).isPresent();
    assertThat(at(NOW.plus(Duration.ofDays(46))).load(created.id())).isEmpty();
  }

  @Test
  void theListIsNewestFirst() {
    Instance old = created(NOW.minusSeconds(10));
    Instance young = created(NOW);
    Instance middle = created(NOW.minusSeconds(5));

    assertThat(instances.list(customer)).containsExactly(young, middle, old);
  }

  @Test
  void nothingPersonalIsPrinted() {
    Instance row =
        new Instance(
            InstanceId.draw(IdGenerator.random()),
            customer,
            "Jane Doe",
            new Metadata("{\"email\":\"jane\"}"),
            SHARD,
            Desired.RUNNING,
            1,
            0,
            InstanceStatus.QR,
            null,
            new PhoneNumber("14155550123"),
            "17@lid",
            PAIRING,
            new QrCode("2@raw", NOW, 1),
            null,
            null,
            NOW,
            NOW,
            null,
            1);

    assertThat(row.toString() + row.qr() + row.metadata() + row.phoneNumber())
        .doesNotContain("Jane", "jane", "1415", "17@lid", "2@raw");
    assertThat(projection(InstanceStatus.CONNECTED, PAIRING).toString())
        .doesNotContain("62811", "@lid");
  }

  private Instance created() {
    return created(NOW);
  }

  private Instance created(Instant at) {
    Instance instance =
        Instance.created(
            InstanceId.draw(IdGenerator.random()),
            customer,
            "Support",
            Metadata.of(Json.object().put("team", "emea")),
            SHARD,
            at);
    instances.create(instance);
    return instance;
  }

  private List<InstanceWish> onShard(InstanceId id) {
    return instances.onShard(SHARD).stream().filter(wish -> wish.id().equals(id)).toList();
  }

  private static StatusProjection projection(InstanceStatus status, @Nullable PairingId pairing) {
    return new StatusProjection(
        status, null, new PhoneNumber("6281100000000"), "1@lid", pairing, 0, null, null, NOW);
  }

  private static Instances at(Instant now) {
    return new Instances(dynamoDb.client(), dynamoDb.prefix(), () -> now);
  }
}

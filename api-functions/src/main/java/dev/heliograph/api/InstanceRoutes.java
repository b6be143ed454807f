package dev.heliograph.api;

import dev.heliograph.account.CustomerId;
import dev.heliograph.command.Doorbell;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.Shards;
import dev.heliograph.table.Queues;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Instances, and what is wished of them. A wish is granted later, by the owner of the shard. */
public final class InstanceRoutes {
  private static final int NAME_LENGTH = 200;

  private final Instances instances;
  private final Sightings sightings;
  private final Doorbell doorbell;
  private final IdGenerator ids;
  private final InstantSource clock;

  /** With everything given. */
  public InstanceRoutes(
      Instances instances,
      Sightings sightings,
      Doorbell doorbell,
      IdGenerator ids,
      InstantSource clock) {
    this.instances = instances;
    this.sightings = sightings;
    this.doorbell = doorbell;
    this.ids = ids;
    this.clock = clock;
  }

  ApiResponse create(CustomerId customer, PathParameters path, ApiRequest request) {
    Fields fields = Fields.of(request);
    String name = fields.text("name", NAME_LENGTH);
    Metadata metadata =
        fields.optionalObject("metadata").map(MetadataField::parse).orElse(Metadata.EMPTY);
    fields.end();
    InstanceId id =
        IdempotencyKey.of(request)
            .map(key -> InstanceId.ofIdempotencyKey(customer, key))
            .orElseGet(() -> InstanceId.draw(ids));

    Instance instance =
        Instance.created(
            id,
            customer,
            name,
            metadata,
            Shards.of(id, Queues.SHARDS),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    Instance there = instances.create(instance);
    if (there.isDeleted() || !there.name().equals(name) || !there.metadata().equals(metadata)) {
      throw IdempotencyKey.reused();
    }
    return ApiResponse.created(InstanceJson.write(sightings.of(there)));
  }

  ApiResponse list(CustomerId customer, PathParameters path, ApiRequest request) {
    return ApiResponse.list(sightings.of(instances.list(customer)), InstanceJson::write);
  }

  ApiResponse get(CustomerId customer, PathParameters path, ApiRequest request) {
    Instance instance = instances.find(customer, path.instance()).orElseThrow(NotFound::instance);
    return ApiResponse.ok(InstanceJson.write(sightings.of(instance)));
  }

  ApiResponse delete(CustomerId customer, PathParameters path, ApiRequest request) {
    wish(customer, path.instance(), Desired.DELETED);
    return ApiResponse.noContent();
  }

  ApiResponse connect(CustomerId customer, PathParameters path, ApiRequest request) {
    return wished(customer, path, request, Desired.RUNNING);
  }

  ApiResponse disconnect(CustomerId customer, PathParameters path, ApiRequest request) {
    return wished(customer, path, request, Desired.STOPPED);
  }

  ApiResponse logout(CustomerId customer, PathParameters path, ApiRequest request) {
    return wished(customer, path, request, Desired.LOGGED_OUT);
  }

  private ApiResponse wished(
      CustomerId customer, PathParameters path, ApiRequest request, Desired desired) {
    InstanceId id = path.instance();
    Fields.none(request);
    Instance instance = wish(customer, id, desired);
    return ApiResponse.accepted(InstanceJson.write(sightings.of(instance)));
  }

  private Instance wish(CustomerId customer, InstanceId id, Desired desired) {
    Instance instance = instances.wish(customer, id, desired).orElseThrow(NotFound::instance);
    doorbell.ring(id, instance.shard());
    return instance;
  }
}

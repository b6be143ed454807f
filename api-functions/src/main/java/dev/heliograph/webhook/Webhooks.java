package dev.heliograph.webhook;

import dev.heliograph.config.Secret;
import dev.heliograph.event.Events;
import dev.heliograph.id.IdGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Puts the parts of this package together, most of which nobody else has to see. */
public final class Webhooks {
  /** How long an endpoint may take; a batch's attempts run side by side, within a call's 30 s. */
  public static final Duration ATTEMPT = Duration.ofSeconds(15);

  /** For how long an attempt that was begun is nobody else's: longer than its function can run. */
  public static final Duration CLAIM = Deliveries.CLAIM;

  /** As long as the function that makes attempts can run. */
  public static final Duration LONGEST_CALL = Deliveries.LONGEST_CALL;

  private final Endpoints endpoints;
  private final Deliveries deliveries;
  private final AddressGuard guard;
  private final InstantSource clock;

  /** Over the deployment whose tables start with {@code prefix}. */
  public Webhooks(
      DynamoDbClient dynamoDb,
      String prefix,
      Supplier<Secret> secretKey,
      List<Cidr> allowed,
      IdGenerator ids,
      InstantSource clock) {
    this.endpoints = new Endpoints(dynamoDb, prefix, new SecretSeal(secretKey), ids, clock);
    this.deliveries = new Deliveries(dynamoDb, prefix, clock);
    this.guard = new AddressGuard(HostResolver.system(), allowed);
    this.clock = clock;
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  public Deliveries deliveries() {
    return deliveries;
  }

  public AddressGuard guard() {
    return guard;
  }

  /** A new sender, with its own connections. */
  public DeliverySender sender(Events events, DeliveryQueue queue) {
    return new DeliverySender(
        deliveries,
        endpoints,
        events,
        new WebhookClient(guard, systemTls(), ATTEMPT),
        // Unlike other generators it is another one in each copy that begins with one snapshot.
        new RetrySchedule(RetrySchedule.DELAYS, new SecureRandom()),
        queue,
        clock);
  }

  private static SSLContext systemTls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }
}

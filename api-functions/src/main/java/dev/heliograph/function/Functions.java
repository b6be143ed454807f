package dev.heliograph.function;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.KeysHandler;
import dev.heliograph.api.Api;
import dev.heliograph.api.ApiHandler;
import dev.heliograph.api.InstanceRoutes;
import dev.heliograph.api.MessageRoutes;
import dev.heliograph.api.QrRoute;
import dev.heliograph.api.Sightings;
import dev.heliograph.api.WebhookRoutes;
import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.command.Doorbell;
import dev.heliograph.config.Secret;
import dev.heliograph.event.EventFanout;
import dev.heliograph.event.EventFanoutHandler;
import dev.heliograph.event.Events;
import dev.heliograph.event.FanoutAgain;
import dev.heliograph.event.FanoutAgainHandler;
import dev.heliograph.fleet.Fleet;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instances;
import dev.heliograph.journal.Journal;
import dev.heliograph.message.Messages;
import dev.heliograph.webhook.DeliveryQueue;
import dev.heliograph.webhook.DeliverySender;
import dev.heliograph.webhook.Janitor;
import dev.heliograph.webhook.JanitorHandler;
import dev.heliograph.webhook.WebhookDeliveryHandler;
import dev.heliograph.webhook.Webhooks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts the functions together. Each Lambda builds its own one, a local process all of them. */
public final class Functions {
  /** A call that has no answer by then gets none: the SDK's own patience outlasts a function's. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(1500);
  private static final int ATTEMPTS = 3;

  private final FunctionSettings settings;
  private final DynamoDbClient dynamoDb;
  private final SqsClient sqs;
  private final InstantSource clock;
  private final IdGenerator ids = IdGenerator.random();
  private final Webhooks webhooks;

  /**
   * Over what the variables say.
   *
   * @throws dev.heliograph.config.ConfigurationException naming all that is wrong with them
   */
  public Functions(Map<String, String> environment) {
    this(FunctionSettings.from(environment));
  }

  private Functions(FunctionSettings settings) {
    this(
        settings,
        settings
            .aws()
            .dynamoDb(DynamoDbClient.builder())
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(Functions::limit)
            .build(),
        settings
            .aws()
            .sqs(SqsClient.builder())
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(Functions::limit)
            .build());
  }

  /** Over clients that are there already. */
  public Functions(FunctionSettings settings, DynamoDbClient dynamoDb, SqsClient sqs) {
    this(settings, dynamoDb, sqs, InstantSource.system());
  }

  Functions(
      FunctionSettings settings, DynamoDbClient dynamoDb, SqsClient sqs, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.dynamoDb = dynamoDb;
    this.sqs = sqs;
    this.webhooks =
        new Webhooks(
            dynamoDb, settings.prefix(), this::secretKey, settings.allowedCidrs(), ids, clock);
  }

  /** Over this process's own environment. */
  public static Functions fromEnvironment() {
    return new Functions(System.getenv());
  }

  /** Answers the HTTP API. */
  public ApiHandler apiHandler() {
    return new ApiHandler(api(), doorbell());
  }

  /** Reads the journal's stream. */
  public EventFanoutHandler eventFanoutHandler() {
    return new EventFanoutHandler(eventFanout(), deliveryQueue());
  }

  /** Reads the queue of deliveries. */
  public WebhookDeliveryHandler webhookDeliveryHandler() {
    return new WebhookDeliveryHandler(deliverySender());
  }

  /** Runs each minute. */
  public JanitorHandler janitorHandler() {
    return new JanitorHandler(janitor(), metricsLog().orElse(null), clock);
  }

  /** Fans out again for an operator. */
  public FanoutAgainHandler fanoutAgainHandler() {
    return new FanoutAgainHandler(fanoutAgain());
  }

  /** Makes and ends keys for an operator. */
  public KeysHandler keysHandler() {
    return new KeysHandler(accounts());
  }

  /** What creates customers and keys: no route does. */
  public Accounts accounts() {
    return new Accounts(dynamoDb, settings.prefix(), ids, clock);
  }

  /** See {@link #apiHandler}. */
  public Api api() {
    Sightings sightings =
        new Sightings(new Fleet(dynamoDb, settings.prefix()), settings.tick(), clock);
    return new Api(
        accounts(),
        new InstanceRoutes(instances(), sightings, doorbell(), ids, clock),
        new QrRoute(instances(), sightings, doorbell(), QrRoute.PATIENCE, clock),
        new MessageRoutes(instances(), messages(), doorbell(), settings.sendDeadline(), clock),
        new WebhookRoutes(webhooks.endpoints(), webhooks.guard()));
  }

  /** See {@link #eventFanoutHandler}. */
  public EventFanout eventFanout() {
    return new EventFanout(events(), webhooks.endpoints(), webhooks.deliveries(), clock);
  }

  /** What fans out again what the journal's stream has lost. */
  public FanoutAgain fanoutAgain() {
    Journal journal = new Journal(dynamoDb, settings.prefix());
    return new FanoutAgain(instances(), journal, eventFanout(), deliveryQueue());
  }

  /** What rings for deliveries. */
  public DeliveryQueue deliveryQueue() {
    return new DeliveryQueue(sqs, settings.prefix());
  }

  /** See {@link #webhookDeliveryHandler}. */
  public DeliverySender deliverySender() {
    return webhooks.sender(events(), deliveryQueue());
  }

  /** See {@link #janitorHandler}. */
  public Janitor janitor() {
    return new Janitor(webhooks.deliveries(), deliveryQueue(), messages(), doorbell(), clock);
  }

  /** Where figures go; empty if nobody reads them there. */
  public Optional<MetricsLog> metricsLog() {
    return settings.metricsLog();
  }

  Secret secretKey() {
    return switch (settings.secretKey()) {
      case SecretSource.Given(Secret key) -> key;
      case SecretSource.InSecretsManager(String arn) -> read(arn);
    };
  }

  private Secret read(String arn) {
    try (SecretsManagerClient secrets =
        settings
            .aws()
            .secretsManager(SecretsManagerClient.builder())
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(Functions::limit)
            .build()) {
      return new Secret(secrets.getSecretValue(get -> get.secretId(arn)).secretString());
    }
  }

  private Instances instances() {
    return new Instances(dynamoDb, settings.prefix(), clock);
  }

  private Messages messages() {
    return new Messages(dynamoDb, settings.prefix(), clock);
  }

  private Events events() {
    return new Events(dynamoDb, settings.prefix(), clock);
  }

  /** What rings for instances. */
  public Doorbell doorbell() {
    return new Doorbell(sqs, settings.prefix());
  }

  private static void limit(ClientOverrideConfiguration.Builder client) {
    client
        .apiCallTimeout(CALL_TIMEOUT)
        .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
        .retryStrategy(retries -> retries.maxAttempts(ATTEMPTS));
  }
}

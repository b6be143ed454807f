package dev.heliograph.webhook;

import dev.heliograph.account.CustomerId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Customers' endpoints, and the secrets that sign what goes to them. */
public final class Endpoints {
  /** How many a customer may have: each event is a row and a request for each of them. */
  public static final int LIMIT = 20;

  private static final String CUSTOMER = "customer";
  private static final String ID = "id";
  private static final String URL = "url";
  private static final String EVENTS = "events"; // list of types; empty: all
  private static final String SECRET = "secret"; // binary: see SecretSeal
  private static final String CREATED_AT = "created_at"; // epoch ms

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final SecretSeal seal;
  private final IdGenerator ids;
  private final InstantSource clock;

  /** Over the deployment whose tables start with {@code prefix}. */
  public Endpoints(
      DynamoDbClient dynamoDb,
      String prefix,
      SecretSeal seal,
      IdGenerator ids,
      InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.WEBHOOK_ENDPOINTS.in(prefix);
    this.seal = seal;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A new endpoint with a new secret; whether we may send there is for the caller to know.
   *
   * @throws TooManyEndpointsException if the customer has {@link #LIMIT} of them
   */
  public NewEndpoint create(CustomerId customer, EndpointUrl url, List<String> events) {
    return create(customer, EndpointId.draw(ids), url, events);
  }

  /**
   * As the other one, under a given id. One that is there already is returned as it is, its secret
   * too: whether it is the same is for the caller to see.
   */
  public NewEndpoint create(
      CustomerId customer, EndpointId id, EndpointUrl url, List<String> events) {
    List<Endpoint> others = list(customer);
    Optional<Endpoint> earlier =
        others.stream().filter(endpoint -> endpoint.id().equals(id)).findFirst();
    if (earlier.isPresent()) {
      return new NewEndpoint(earlier.get(), secretOf(earlier.get()));
    }
    if (others.size() >= LIMIT) {
      throw new TooManyEndpointsException();
    }
    NewEndpoint created = createIfAbsent(customer, id, url, events);
    // Of several that came in at once, each of which saw room, whoever sees too many now takes its
    // own back: perhaps more of them than need be, but never too few.
    if (list(customer).size() > LIMIT) {
      delete(customer, id);
      throw new TooManyEndpointsException();
    }
    return created;
  }

  private NewEndpoint createIfAbsent(
      CustomerId customer, EndpointId id, EndpointUrl url, List<String> events) {
    SigningSecret secret = SigningSecret.draw();
    Endpoint endpoint =
        new Endpoint(id, customer, url, events, seal.seal(id, secret), clock.instant());
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(toItem(endpoint))
                  .conditionExpression("attribute_not_exists(id)")
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return new NewEndpoint(endpoint, secret);
    } catch (ConditionalCheckFailedException repeated) {
      Endpoint there = fromItem(new Item(repeated.item()));
      return new NewEndpoint(there, secretOf(there));
    }
  }

  /** The customer's endpoint; nobody else's. */
  public Optional<Endpoint> find(CustomerId customer, EndpointId id) {
    return Optional.of(
            dynamoDb
                .getItem(get -> get.tableName(table).key(key(customer, id)).consistentRead(true))
                .item())
        .filter(item -> !item.isEmpty())
        .map(item -> fromItem(new Item(item)));
  }

  /** All of the customer's endpoints, newest first. */
  public List<Endpoint> list(CustomerId customer) {
    return dynamoDb
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    // An event must not miss the endpoint that was created just before it.
                    .consistentRead(true)
                    .keyConditionExpression("customer = :customer")
                    .expressionAttributeValues(
                        Map.of(":customer", AttributeValue.fromS(customer.value()))))
        .items()
        .stream()
        .map(item -> fromItem(new Item(item)))
        .sorted(
            Comparator.comparing(Endpoint::createdAt)
                .thenComparing(endpoint -> endpoint.id().value())
                .reversed())
        .toList();
  }

  /**
   * Deletes the customer's endpoint; deliveries on their way to it are given up.
   *
   * @return false if the customer has no such endpoint
   */
  public boolean delete(CustomerId customer, EndpointId id) {
    // Asked before: of a deletion that the SDK had to repeat, the answer is that nothing was there.
    if (find(customer, id).isEmpty()) {
      return false;
    }
    dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(customer, id)));
    return true;
  }

  /**
   * The secret that signs what goes to the endpoint.
   *
   * @throws UnreadableSecretException if the deployment's key is another one now
   */
  SigningSecret secretOf(Endpoint endpoint) {
    return seal.open(endpoint.id(), endpoint.secret());
  }

  private static Map<String, AttributeValue> key(CustomerId customer, EndpointId id) {
    return Map.of(
        CUSTOMER, AttributeValue.fromS(customer.value()), ID, AttributeValue.fromS(id.value()));
  }

  private static Map<String, AttributeValue> toItem(Endpoint endpoint) {
    return Item.builder()
        .put(CUSTOMER, endpoint.customer().value())
        .put(ID, endpoint.id().value())
        .put(URL, endpoint.url().text())
        .put(EVENTS, endpoint.events())
        .put(SECRET, endpoint.secret().bytes().asByteArray())
        .put(CREATED_AT, endpoint.createdAt())
        .build();
  }

  private static Endpoint fromItem(Item item) {
    return new Endpoint(
        new EndpointId(item.string(ID)),
        new CustomerId(item.string(CUSTOMER)),
        new EndpointUrl(item.string(URL)),
        item.strings(EVENTS),
        new SealedSecret(SdkBytes.fromByteArray(item.bytes(SECRET))),
        item.time(CREATED_AT));
  }
}

package dev.heliograph.event;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** DynamoDB where a query that need not be consistent misses one event, and sees those after it. */
final class StaleReads {
  private StaleReads() {}

  static DynamoDbClient of(DynamoDbClient client, long sequence) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            if (method.getName().equals("query") && arguments[0] instanceof QueryRequest query) {
              QueryResponse answer = client.query(query);
              return query.consistentRead() ? answer : without(sequence, answer);
            }
            return method.isDefault()
                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                : method.invoke(client, arguments);
          } catch (InvocationTargetException failed) {
            throw requireNonNull(failed.getCause());
          }
        };
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            StaleReads.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, handler);
  }

  private static QueryResponse without(long sequence, QueryResponse answer) {
    return answer.toBuilder()
        .items(
            answer.items().stream()
                .filter(
                    item -> Long.parseLong(requireNonNull(item.get("sequence")).n()) != sequence)
                .toList())
        .build();
  }
}

package dev.heliograph.table;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the SDK does when the answer to a write is lost: it writes again, and answers with that. */
public final class RepeatedWrites implements InvocationHandler {
  private static final Set<String> WRITES = Set.of("putItem", "updateItem", "deleteItem");

  private final DynamoDbClient client;

  private RepeatedWrites(DynamoDbClient client) {
    this.client = client;
  }

  public static DynamoDbClient of(DynamoDbClient client) {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            RepeatedWrites.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            new RepeatedWrites(client));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    // What takes a builder's consumer calls what takes a request.
    if (arguments != null && arguments[0] instanceof Consumer) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    try {
      if (WRITES.contains(method.getName())) {
        method.invoke(client, arguments);
      }
      return method.invoke(client, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}

package dev.heliograph.template;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Notes which calls go through clients, in the words of {@link Template#allowedTo}: what a role
 * must allow for them.
 */
public final class RecordedCalls {
  private final String prefix;
  private final Set<String> calls = Collections.synchronizedSet(new TreeSet<>());

  /** Of a deployment whose tables and queues have names that begin so. */
  public RecordedCalls(String prefix) {
    this.prefix = prefix;
  }

  /** What was called so far. */
  public Set<String> calls() {
    return new TreeSet<>(calls);
  }

  /** The same client, with its calls noted. */
  public DynamoDbClient through(DynamoDbClient client) {
    return through(DynamoDbClient.class, client);
  }

  /** The same client, with its calls noted. */
  public SqsClient through(SqsClient client) {
    return through(SqsClient.class, client);
  }

  private <T> T through(Class<T> type, T client) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (isCall(method, arguments)) {
            note((AwsRequest) arguments[0]);
            return invoke(client, method, arguments);
          }
          // Those that take a builder, and paginators, end in the calls themselves, by this proxy.
          return method.isDefault() && !isAccessor(method)
              ? InvocationHandler.invokeDefault(proxy, method, arguments)
              : invoke(client, method, arguments);
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static boolean isCall(Method method, Object @Nullable [] arguments) {
    return arguments != null
        && arguments.length == 1
        && arguments[0] instanceof AwsRequest
        && !method.getName().endsWith("Paginator");
  }

  private static boolean isAccessor(Method method) {
    return method.getParameterCount() == 0;
  }

  private static @Nullable Object invoke(
      Object client, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException thrown) {
      throw requireNonNull(thrown.getCause());
    }
  }

  private void note(AwsRequest request) {
    String operation = request.getClass().getSimpleName().replace("Request", "");
    String service = request.getClass().getPackageName().contains(".sqs.") ? "sqs" : "dynamodb";
    // A batch needs the right to do it singly; but reading one has a name of its own.
    String action =
        service.equals("sqs") && operation.endsWith("Batch")
            ? operation.substring(0, operation.length() - "Batch".length())
            : operation;
    for (String target : targets(request)) {
      calls.add("%s:%s %s".formatted(service, action, target));
    }
  }

  private List<String> targets(AwsRequest request) {
    if (request instanceof BatchGetItemRequest batch) {
      return batch.requestItems().keySet().stream().map(this::name).toList();
    }
    String index = field(request, "IndexName");
    for (String field : List.of("TableName", "QueueName", "QueueUrl")) {
      String name = field(request, field);
      if (!name.isEmpty()) {
        return List.of(name(name) + (index.isEmpty() ? "" : "/index/" + index));
      }
    }
    throw new IllegalStateException(
        String.format(Locale.ROOT, "what %s is about", request.getClass().getSimpleName()));
  }

  private static String field(SdkRequest request, String name) {
    return request.getValueForField(name, String.class).orElse("");
  }

  /** Of a name, or of the URL that ends with it. */
  private String name(String deployed) {
    String name = deployed.substring(deployed.lastIndexOf('/') + 1);
    if (!name.startsWith(prefix)) {
      throw new IllegalStateException("a name without the deployment's prefix");
    }
    return name.substring(prefix.length()).replaceFirst("^commands-\\d+$", "commands-*");
  }
}

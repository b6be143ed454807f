package dev.heliograph.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/**
 * What AWS does and no stand-in of it: throttles, loses an answer, answers too late, gets a request
 * twice. The SDK finds it on the class path and asks it before and after each attempt of every
 * client in this JVM; it does nothing until it is told to.
 */
public final class AwsFaults implements ExecutionInterceptor {
  private static final List<Fault> FAULTS =
      List.of(Fault.THROTTLED, Fault.ANSWER_LOST, Fault.SLOW, Fault.DOUBLED);
  private static final ExecutionAttribute<Fault> FAULT = new ExecutionAttribute<>("AwsFaults");

  /** Longer than any client of ours waits for an attempt. */
  private static final Duration TOO_LONG = Duration.ofSeconds(2);

  private static volatile @Nullable Faults faults;

  /** Made by the SDK, for each client. */
  public AwsFaults() {}

  /** What can go wrong with an attempt. */
  enum Fault {
    NONE,
    THROTTLED,
    ANSWER_LOST,
    SLOW,
    DOUBLED
  }

  /**
   * From now on, until what is returned is closed.
   *
   * @param share of all attempts that go wrong, each in one of the ways
   */
  static Faults begin(long seed, double share) {
    Faults begun = new Faults(new Random(seed), share);
    faults = begun;
    return begun;
  }

  /** What goes wrong at present, and what did so far. */
  static final class Faults implements AutoCloseable {
    private final Random random;
    private final double share;
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<Fault, AtomicInteger> counts = new EnumMap<>(Fault.class);

    private Faults(Random random, double share) {
      this.random = random;
      this.share = share;
      for (Fault fault : FAULTS) counts.put(fault, new AtomicInteger());
    }

    private synchronized Fault draw() {
      if (random.nextDouble() >= share) return Fault.NONE;
      Fault drawn = FAULTS.get(random.nextInt(FAULTS.size()));
      counts.getOrDefault(drawn, new AtomicInteger()).incrementAndGet();
      return drawn;
    }

    /** How often each thing has happened. */
    Map<Fault, AtomicInteger> counts() {
      return counts;
    }

    @Override
    public void close() {
      faults = null;
      http.shutdownNow();
    }
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attempt) {
    Faults now = faults;
    Fault fault = now == null || isLongPoll(context) ? Fault.NONE : now.draw();
    attempt.putAttribute(FAULT, fault); // of this attempt: there may have been others
    if (fault == Fault.THROTTLED) {
      throw ProvisionedThroughputExceededException.builder()
          .message("too fast")
          .statusCode(400)
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode("ProvisionedThroughputExceededException")
                  .errorMessage("too fast")
                  .build())
          .build();
    }
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attempt) {
    Faults now = faults;
    Fault fault = attempt.getAttribute(FAULT);
    if (now == null || fault == null) return;
    switch (fault) {
      case NONE -> {}
      case THROTTLED -> throw new IllegalStateException("was refused before");
      case ANSWER_LOST ->
          throw SdkClientException.create("", new IOException("the connection was reset"));
      case SLOW -> sleep();
      case DOUBLED -> sendAgain(now, context);
    }
  }

  /** They are slow by their nature, and nobody waits for them. */
  private static boolean isLongPoll(Context.BeforeTransmission context) {
    return context.request().getClass().getSimpleName().equals("ReceiveMessageRequest");
  }

  private static void sleep() {
    try {
      Thread.sleep(TOO_LONG);
    } catch (InterruptedException outOfPatience) {
      Thread.currentThread().interrupt();
    }
  }

  /** The same bytes with the same signature, as a network's hiccup or a proxy's retry has them. */
  private static void sendAgain(Faults now, Context.AfterTransmission context) {
    SdkHttpRequest original = context.httpRequest();
    byte[] body =
        context
            .requestBody()
            .map(content -> read(content.contentStreamProvider().newStream()))
            .orElse(new byte[0]);
    HttpRequest.Builder copy =
        HttpRequest.newBuilder(original.getUri())
            .method(original.method().name(), BodyPublishers.ofByteArray(body));
    original.forEachHeader(
        (name, values) -> {
          if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
            values.forEach(value -> copy.header(name, value));
          }
        });
    try {
      now.http.send(copy.build(), BodyHandlers.discarding());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException outOfPatience) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] read(InputStream stream) {
    try (stream) {
      return stream.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

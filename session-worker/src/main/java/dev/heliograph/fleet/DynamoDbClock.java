package dev.heliograph.fleet;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The time as DynamoDB has it: the machine's, put right by the {@code Date} of every answer. All
 * workers and functions then agree on when a message is too old, whatever their machines say. A
 * machine that is right to the second is left alone.
 */
public final class DynamoDbClock implements InstantSource, ExecutionInterceptor {
  private static final ExecutionAttribute<Instant> SENT =
      new ExecutionAttribute<>("DynamoDbClock.sent");

  /** What a {@code Date} leaves open: it has no fractions. */
  private static final Duration RESOLUTION = Duration.ofSeconds(1);

  /** A correction that an operator should hear of. */
  private static final Duration REMARKABLE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(DynamoDbClock.class);

  private final InstantSource machine;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  /** A machine's, until an answer puts it right. */
  public DynamoDbClock(InstantSource machine) {
    this.machine = machine;
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(ahead.get());
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes call) {
    call.putAttribute(SENT, machine.instant());
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes call) {
    Instant received = machine.instant();
    Instant sent = call.getAttribute(SENT);
    context
        .httpResponse()
        .firstMatchingHeader("Date")
        .flatMap(DynamoDbClock::parse)
        .ifPresent(stamped -> correct(sent, stamped, received));
  }

  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  /**
   * Puts the time right by an answer.
   *
   * @param sent when its call was sent, by the machine
   * @param stamped what it says
   * @param received when it came, by the machine
   */
  public void correct(Instant sent, Instant stamped, Instant received) {
    // It was stamped at some time between: at least so far ahead, and at most.
    Duration least = Duration.between(received, stamped);
    Duration most = Duration.between(sent, stamped).plus(RESOLUTION);
    if (least.compareTo(most) > 0) {
      return; // the machine's clock was set meanwhile
    }
    Duration before = ahead.getAndUpdate(held -> clamp(held, least, most));
    Duration after = clamp(before, least, most);
    if (after.minus(before).abs().compareTo(REMARKABLE) > 0) {
      log.atWarn().addKeyValue("ahead", after).log("the clock is set to DynamoDB's");
    }
  }

  private static Duration clamp(Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0) {
      return least;
    }
    return value.compareTo(most) > 0 ? most : value;
  }
}

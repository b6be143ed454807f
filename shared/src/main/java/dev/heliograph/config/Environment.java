package dev.heliograph.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Environment variables, read with their types. Each getter notes what is wrong with its variable
 * and goes on with the fallback; {@link #check()} then reports all of it at once. A variable that
 * is set to nothing counts as not set.
 */
public final class Environment {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Map<String, String> variables;
  private final List<String> problems = new ArrayList<>();

  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** The variable as it is, if it is set. */
  public Optional<String> optional(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** The variable as it is. */
  public String string(String name, String fallback) {
    return optional(name).orElse(fallback);
  }

  /** A variable that has to be set; the empty string stands in for one that is not. */
  public String required(String name) {
    return optional(name)
        .orElseGet(
            () -> {
              problem(name, "must be set");
              return "";
            });
  }

  /** A whole number from {@code min} to {@code max}. */
  public int integer(String name, int fallback, int min, int max) {
    return parsed(
        name,
        fallback,
        text -> {
          int value = Integer.parseInt(text);
          if (value < min || value > max) {
            throw new IllegalArgumentException();
          }
          return value;
        },
        "must be a whole number from %d to %d".formatted(min, max));
  }

  /** A time span of more than nothing, in whole milliseconds and without a unit. */
  public Duration millis(String name, Duration fallback) {
    return parsed(
        name,
        fallback,
        text -> positive(Duration.ofMillis(Long.parseLong(text))),
        "must be a number of milliseconds");
  }

  /** A time span of more than nothing, with its unit: {@code 500ms}, {@code 20s}, {@code 10m}. */
  public Duration duration(String name, Duration fallback) {
    return parsed(
        name,
        fallback,
        text -> positive(durationOf(text)),
        "must be a duration such as 500ms, 20s, 10m, 24h or 7d");
  }

  /** A comma-separated list; none if it is not set. */
  public <T> List<T> list(String name, Function<String, T> parse, String rule) {
    return parsed(
        name,
        List.of(),
        text ->
            Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(parse)
                .toList(),
        rule);
  }

  /**
   * A variable of any form.
   *
   * @param parse throws an {@link IllegalArgumentException} for what it cannot read
   * @param rule what is reported then; the value is not, as it may be a secret
   */
  public <T> T parsed(String name, T fallback, Function<String, T> parse, String rule) {
    return optional(name, parse, rule).orElse(fallback);
  }

  /** A variable of any form, if it is set: as {@link #parsed}. */
  public <T> Optional<T> optional(String name, Function<String, T> parse, String rule) {
    try {
      return optional(name).map(text -> parse.apply(text.strip()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      problem(name, rule);
      return Optional.empty();
    }
  }

  /** Notes that a variable is not as it should be. */
  public void problem(String name, String rule) {
    problems.add(name + " " + rule);
  }

  /**
   * To be called when everything is read.
   *
   * @throws ConfigurationException if there was any problem
   */
  public void check() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private static Duration positive(Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException();
    }
    return duration;
  }

  private static Duration durationOf(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw new IllegalStateException("the pattern knows a unit that is not here");
    };
  }
}

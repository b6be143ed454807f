package dev.heliograph.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * An update in the making. In its condition, {@code #name} is an attribute and {@code :name} a
 * value, both declared by use: half of all good names are reserved words.
 */
public final class Update {
  private final List<String> sets = new ArrayList<>();
  private final List<String> removes = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, AttributeValue> values = new LinkedHashMap<>();
  private @Nullable String condition;

  /** Sets the attribute; null removes it. */
  public Update set(String name, @Nullable String value) {
    return value == null ? remove(name) : set(name, AttributeValue.fromS(value));
  }

  public Update set(String name, long value) {
    return set(name, AttributeValue.fromN(Long.toString(value)));
  }

  /** Sets the attribute; null removes it. */
  public Update set(String name, @Nullable Instant value) {
    return value == null ? remove(name) : set(name, value.toEpochMilli());
  }

  /** Sets the attribute; null leaves it as it is. */
  public Update setIfKnown(String name, @Nullable Instant value) {
    return value == null ? this : set(name, value);
  }

  public Update set(String name, AttributeValue value) {
    attribute(name);
    sets.add("#%s = :%s".formatted(name, name));
    values.put(":" + name, value);
    return this;
  }

  /** Adds one to a number; an attribute that is absent counts as 0. */
  public Update increment(String name) {
    attribute(name);
    sets.add("#%1$s = if_not_exists(#%1$s, :zero) + :one".formatted(name));
    values.put(":zero", AttributeValue.fromN("0"));
    values.put(":one", AttributeValue.fromN("1"));
    return this;
  }

  public Update remove(String name) {
    attribute(name);
    removes.add("#" + name);
    return this;
  }

  /** The condition; its {@code #names} are the given attributes or ones that are set. */
  public Update onlyIf(String condition, String... attributes) {
    this.condition = condition;
    for (String attribute : attributes) {
      attribute(attribute);
    }
    return this;
  }

  /** A value that the condition speaks of as {@code :name}. */
  public Update with(String name, AttributeValue value) {
    values.put(":" + name, value);
    return this;
  }

  /** A string that the condition speaks of as {@code :name}. */
  public Update with(String name, String value) {
    return with(name, AttributeValue.fromS(value));
  }

  /** A number that the condition speaks of as {@code :name}. */
  public Update with(String name, long value) {
    return with(name, AttributeValue.fromN(Long.toString(value)));
  }

  public UpdateItemRequest.Builder of(String table, Map<String, AttributeValue> key) {
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(key)
        .updateExpression(expression())
        .conditionExpression(condition)
        .expressionAttributeNames(names)
        .expressionAttributeValues(values.isEmpty() ? null : values);
  }

  private String expression() {
    String set = sets.isEmpty() ? "" : "SET " + String.join(", ", sets);
    String remove = removes.isEmpty() ? "" : " REMOVE " + String.join(", ", removes);
    return (set + remove).strip();
  }

  private void attribute(String name) {
    names.put("#" + name, name);
  }
}

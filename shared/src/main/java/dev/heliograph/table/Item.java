package dev.heliograph.table;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item's attributes, read with their types. Times are numbers: epoch milliseconds. */
public record Item(Map<String, AttributeValue> attributes) {
  public Item {
    attributes = Map.copyOf(attributes);
  }

  /** An item to be written. */
  public static Builder builder() {
    return new Builder();
  }

  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  public String string(String name) {
    String value = attribute(name).s();
    if (value == null) {
      throw new IllegalStateException("attribute " + name + " is no string");
    }
    return value;
  }

  public @Nullable String stringOrNull(String name) {
    return has(name) ? string(name) : null;
  }

  public long number(String name) {
    return Long.parseLong(attribute(name).n());
  }

  public long number(String name, long fallback) {
    return has(name) ? number(name) : fallback;
  }

  public Instant time(String name) {
    return Instant.ofEpochMilli(number(name));
  }

  public @Nullable Instant timeOrNull(String name) {
    return has(name) ? time(name) : null;
  }

  public byte[] bytes(String name) {
    return attribute(name).b().asByteArray();
  }

  public @Nullable SdkBytes bytesOrNull(String name) {
    return has(name) ? attribute(name).b() : null;
  }

  public List<String> strings(String name) {
    return attribute(name).l().stream().map(AttributeValue::s).toList();
  }

  public Item map(String name) {
    return new Item(attribute(name).m());
  }

  /** Whether DynamoDB may delete it at any moment: for a reader it is gone. */
  public boolean isExpired(Instant now) {
    return has(Tables.TTL) && number(Tables.TTL) <= now.getEpochSecond();
  }

  /** Names its attributes only: their values may be anything. */
  @Override
  public String toString() {
    return "Item" + attributes.keySet();
  }

  private AttributeValue attribute(String name) {
    AttributeValue value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("attribute " + name + " is missing");
    }
    return value;
  }

  /** Null values are left out. */
  public static final class Builder {
    private final Map<String, AttributeValue> attributes = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(String name, @Nullable String value) {
      return value == null ? this : put(name, AttributeValue.fromS(value));
    }

    public Builder put(String name, long value) {
      return put(name, AttributeValue.fromN(Long.toString(value)));
    }

    public Builder put(String name, @Nullable Instant value) {
      return value == null ? this : put(name, value.toEpochMilli());
    }

    public Builder put(String name, byte[] value) {
      return put(name, AttributeValue.fromB(SdkBytes.fromByteArray(value)));
    }

    public Builder put(String name, @Nullable SdkBytes value) {
      return value == null ? this : put(name, AttributeValue.fromB(value));
    }

    public Builder put(String name, List<String> values) {
      return put(name, AttributeValue.fromL(values.stream().map(AttributeValue::fromS).toList()));
    }

    /** The time after which it may be deleted. */
    public Builder ttl(Instant end) {
      return put(Tables.TTL, end.getEpochSecond());
    }

    public Builder put(String name, AttributeValue value) {
      attributes.put(name, value);
      return this;
    }

    public Map<String, AttributeValue> build() {
      return Map.copyOf(attributes);
    }
  }
}

package dev.heliograph.whatsapp.signal;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records in memory, for tests. */
public final class MapRecords implements Records {
  private final Map<String, byte[]> records;

  public MapRecords() {
    this(Map.of());
  }

  private MapRecords(Map<String, byte[]> records) {
    this.records = new HashMap<>(records);
  }

  @Override
  public byte @Nullable [] find(String name) {
    byte[] value = records.get(name);
    return value == null ? null : value.clone();
  }

  @Override
  public void put(String name, byte[] value) {
    records.put(name, value.clone());
  }

  @Override
  public void remove(String name) {
    records.remove(name);
  }

  public MapRecords copy() {
    return new MapRecords(records);
  }

  public Map<String, byte[]> all() {
    return Map.copyOf(records);
  }
}

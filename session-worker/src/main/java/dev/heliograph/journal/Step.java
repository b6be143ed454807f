package dev.heliograph.journal;

import com.google.protobuf.ByteString;
import dev.heliograph.event.EventData;
import dev.heliograph.event.EventJson;
import dev.heliograph.event.EventType;
import dev.heliograph.whatsapp.signal.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry to be: what is read sees what the step has written so far, and nothing of it counts
 * until {@link SessionLog#append}. A step that is dropped has changed nothing.
 */
public final class Step implements Records {
  /** What an event has around its data: ids, type, time. */
  private static final int ENVELOPE = 350;

  private final SessionLog log;
  private final List<Fact> facts = new ArrayList<>();
  private final List<Announcement> announcements = new ArrayList<>();
  private final Map<String, Optional<ByteString>> records = new LinkedHashMap<>();
  private final List<ByteString> stanzas = new ArrayList<>();
  private int bytes;

  Step(SessionLog log) {
    this.log = log;
  }

  /** Another one that has, so far, what this one has. */
  public Step copy() {
    Step copy = new Step(log);
    copy.facts.addAll(facts);
    copy.announcements.addAll(announcements);
    copy.records.putAll(records);
    copy.stanzas.addAll(stanzas);
    copy.bytes = bytes;
    return copy;
  }

  /** The record of this name as this step leaves it; null if there is none. */
  @Override
  public byte @Nullable [] find(String name) {
    Optional<ByteString> written = records.get(name);
    if (written == null) {
      written = log.record(name);
    }
    return written.map(ByteString::toByteArray).orElse(null);
  }

  /** Changes a record. */
  @Override
  public void put(String name, byte[] value) {
    write(name, Optional.of(ByteString.copyFrom(value)));
  }

  /** Removes a record. */
  @Override
  public void remove(String name) {
    write(name, Optional.empty());
  }

  private void write(String name, Optional<ByteString> value) {
    Optional<ByteString> before = records.put(name, value);
    bytes += size(name, value) - (before == null ? 0 : size(name, before));
  }

  private static int size(String name, Optional<ByteString> value) {
    return name.length() + value.map(ByteString::size).orElse(0);
  }

  /** Adds a fact. */
  public void add(Fact fact) {
    facts.add(fact);
    bytes += FactJson.write(List.of(fact)).length();
  }

  /** Adds a public event. */
  public void announce(EventType type, EventData data) {
    announcements.add(new Announcement(type, data));
    bytes += ENVELOPE + EventJson.sizeOf(data);
  }

  /** How many events there are so far: the place of the next one. */
  public int announced() {
    return announcements.size();
  }

  /**
   * Adds a stanza that is to be sent, and sent again as it is until something settles it.
   *
   * @return its place among the stanzas of this step
   */
  public int addStanza(byte[] stanza) {
    stanzas.add(ByteString.copyFrom(stanza));
    bytes += stanza.length;
    return stanzas.size() - 1;
  }

  /** Whether there is anything to append. */
  public boolean isEmpty() {
    return facts.isEmpty() && announcements.isEmpty() && records.isEmpty() && stanzas.isEmpty();
  }

  /** About what the entry will weigh: records, stanzas, facts and events, in bytes. */
  public int bytes() {
    return bytes;
  }

  List<Fact> facts() {
    return facts;
  }

  List<Announcement> announcements() {
    return announcements;
  }

  SealedPartCodec.Contents contents() {
    return new SealedPartCodec.Contents(records, stanzas);
  }
}

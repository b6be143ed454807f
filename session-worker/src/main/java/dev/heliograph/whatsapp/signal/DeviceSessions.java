package dev.heliograph.whatsapp.signal;

import com.github.auties00.libsignal.state.SignalSessionRecord;
import com.github.auties00.libsignal.state.SignalSessionRecordBuilder;
import com.github.auties00.libsignal.state.SignalSessionRecordSpec;
import com.github.auties00.libsignal.state.SignalSessionState;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.proto.StoredSession;
import dev.heliograph.whatsapp.proto.StoredSessions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stored sessions: one record per user and addressing, {@code session#<Signal name>}, with all
 * of the user's devices.
 */
final class DeviceSessions {
  /** DynamoDB takes 400 KB, and an entry may have two of these and a stanza. */
  static final int MOST_BYTES = 100_000;

  private final Records records;
  private final int mostArchived;

  DeviceSessions(Records records, int mostArchived) {
    this.records = records;
    this.mostArchived = mostArchived;
  }

  /** A copy of its own for each caller: libsignal works on it in place. */
  Optional<SignalSessionRecord> find(Jid device) {
    return stored(device)
        .filter(StoredSession::hasSession)
        .map(stored -> SignalSessionRecordSpec.decode(stored.getSession().toByteArray()));
  }

  boolean has(Jid device) {
    return stored(device).filter(StoredSession::hasSession).isPresent();
  }

  Optional<ByteString> identity(Jid device) {
    return stored(device).filter(StoredSession::hasIdentityKey).map(StoredSession::getIdentityKey);
  }

  /**
   * Keeps the session, and the identity key that its current state is with.
   *
   * @return whether another identity key was known before
   */
  boolean put(Jid device, SignalSessionRecord session) {
    ByteString identity =
        ByteString.copyFrom(session.sessionState().remoteIdentityPublic().toEncodedPoint());
    boolean changed = identity(device).filter(known -> !known.equals(identity)).isPresent();
    SignalSessionRecord kept = trimmed(session);
    SkippedKeys.trim(kept);
    put(
        device,
        StoredSession.newBuilder()
            .setIdentityKey(identity)
            .setSession(ByteString.copyFrom(SignalSessionRecordSpec.encode(kept)))
            .build());
    return changed;
  }

  void putIdentity(Jid device, ByteString identity) {
    StoredSession known = stored(device).orElse(StoredSession.getDefaultInstance());
    put(device, known.toBuilder().setIdentityKey(identity).build());
  }

  void remove(Jid user) {
    records.remove(name(user));
  }

  /**
   * Moves what the one address has to the other one, where that has no session for the same device
   * yet.
   */
  void move(Jid from, Jid to) {
    StoredSessions moving = load(from);
    if (moving.getDevicesCount() == 0) return;
    StoredSessions.Builder there = load(to).toBuilder();
    for (Map.Entry<Integer, StoredSession> device : moving.getDevicesMap().entrySet()) {
      StoredSession known =
          there.getDevicesOrDefault(device.getKey(), StoredSession.getDefaultInstance());
      if (!known.hasSession()) there.putDevices(device.getKey(), device.getValue());
    }
    putTrimmed(to, there);
    remove(from);
  }

  /** With few archived states, and none with an identity key that the device has no more. */
  private SignalSessionRecord trimmed(SignalSessionRecord session) {
    SignalSessionState current = session.sessionState();
    List<SignalSessionState> archived =
        session.previousSessionStates().stream()
            .filter(state -> current.remoteIdentityPublic().equals(state.remoteIdentityPublic()))
            .limit(mostArchived)
            .toList();
    return new SignalSessionRecordBuilder()
        .sessionState(current)
        .previousStates(new ArrayList<>(archived))
        .build();
  }

  private Optional<StoredSession> stored(Jid device) {
    return Optional.ofNullable(load(device).getDevicesMap().get(device.device()));
  }

  private void put(Jid device, StoredSession session) {
    putTrimmed(device, load(device).toBuilder().putDevices(device.device(), session));
  }

  /** Without the oldest devices if there are too many, but with the phone and with this one. */
  private void putTrimmed(Jid device, StoredSessions.Builder devices) {
    while (devices.build().getSerializedSize() > MOST_BYTES) {
      Optional<Integer> oldest = oldestCompanion(devices, device);
      if (oldest.isEmpty()) break;
      devices.removeDevices(oldest.get());
    }
    put(device, devices.build());
  }

  /** The one that was linked first, and is most likely gone: numbers only grow. */
  private static Optional<Integer> oldestCompanion(StoredSessions.Builder devices, Jid but) {
    return devices.getDevicesMap().keySet().stream()
        .filter(number -> number != 0 && number != but.device())
        .min(Comparator.naturalOrder());
  }

  private void put(Jid user, StoredSessions sessions) {
    records.put(name(user), sessions.toByteArray());
  }

  private StoredSessions load(Jid user) {
    byte[] stored = records.find(name(user));
    if (stored == null) return StoredSessions.getDefaultInstance();
    try {
      return StoredSessions.parseFrom(stored);
    } catch (InvalidProtocolBufferException notOurs) {
      throw new IllegalStateException("a record that is not ours", notOurs);
    }
  }

  private static String name(Jid user) {
    return "session#" + user.signalName();
  }
}

package dev.heliograph.whatsapp.signal;

import com.github.auties00.libsignal.ratchet.SignalMessageKey;
import com.github.auties00.libsignal.state.SignalSessionChain;
import com.github.auties00.libsignal.state.SignalSessionRecord;
import com.github.auties00.libsignal.state.SignalSessionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The keys that a session keeps for messages that may come late. */
final class SkippedKeys {
  /** A key is some 90 bytes, and libsignal would keep 2000 of them for each of many chains. */
  static final int MOST = 300;

  private SkippedKeys() {}

  /**
   * Lets go of the oldest of them where there are too many. A message whose key is gone looks like
   * a {@link Decryption.Duplicate} when it comes.
   */
  static void trim(SignalSessionRecord session) {
    int left = MOST;
    for (SignalSessionChain chain : newestFirst(session)) {
      List<SignalMessageKey> keys = new ArrayList<>(chain.messageKeys());
      keys.sort(Comparator.comparingInt(SignalMessageKey::counter));
      int tooMany = Math.max(0, keys.size() - left);
      if (tooMany > 0) {
        chain.setMessageKeys(keys.subList(tooMany, keys.size()));
      }
      left -= keys.size() - tooMany;
    }
  }

  private static List<SignalSessionChain> newestFirst(SignalSessionRecord session) {
    List<SignalSessionChain> chains = new ArrayList<>();
    Stream.concat(Stream.of(session.sessionState()), session.previousSessionStates().stream())
        .map(SignalSessionState::receiverChains)
        .forEach(ofState -> chains.addAll(ofState.reversed()));
    return chains;
  }
}

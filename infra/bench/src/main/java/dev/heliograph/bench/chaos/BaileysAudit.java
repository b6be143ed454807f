package dev.heliograph.bench.chaos;

import dev.heliograph.sandbox.baileys.BaileysClient.Received;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells what Baileys does with a message that it is given again from what must not be. It takes a
 * ciphertext that it has read before for one that it cannot read: it shows a message without a
 * text, asks for it with a retry receipt, and shows the text once more when the answer comes. Only
 * where the message begins a session it knows better, and says nothing. Either way it acks what it
 * has sent a receipt for. A server that drops what comes again never lets it come to that, so there
 * nothing is a repeat.
 *
 * <p>A repeat is of an id whose text Baileys has shown before, and of no more ids than the phone
 * was given again. The text that follows is one only under the same id, and once for each time that
 * the id could not be read.
 */
final class BaileysAudit {
  private final boolean mayRepeat;
  private final BaileysScreen screen;
  private final Map<String, String> textsOfIds = new HashMap<>();
  private final Map<String, Integer> texts = new HashMap<>();
  private final Set<String> repeatedIds = new HashSet<>();
  private final Map<String, Integer> answersDue = new HashMap<>();
  private int undecryptable;
  private int unreadableRepeats;
  private int shownRepeats;
  private int repeatsAnsweredTwice;

  BaileysAudit(BaileysScreen screen, boolean dedup) {
    this.screen = screen;
    mayRepeat = !dedup;
    screen.received().forEach(this::take);
    screen.answeredTwice().forEach(this::takeAnsweredTwice);
  }

  private void take(Received message) {
    if (message.undecryptable()) {
      takeUnreadable(message.id());
    } else if (message.text() != null && !message.fromMe()) {
      takeText(message.id(), message.text());
    }
  }

  private void takeUnreadable(String id) {
    if (!isRepeat(id)) {
      undecryptable++;
      return;
    }
    answersDue.merge(id, 1, Integer::sum);
    unreadableRepeats++;
  }

  private boolean isRepeat(String id) {
    if (!mayRepeat || !textsOfIds.containsKey(id)) return false;
    if (repeatedIds.size() < screen.givenAgain()) repeatedIds.add(id);
    return repeatedIds.contains(id);
  }

  private void takeAnsweredTwice(String id, int times) {
    if (isRepeat(id)) repeatsAnsweredTwice += times;
  }

  private void takeText(String id, String text) {
    boolean isSame = text.equals(textsOfIds.putIfAbsent(id, text));
    int due = answersDue.getOrDefault(id, 0);
    if (isSame && due > 0) {
      answersDue.put(id, due - 1);
      shownRepeats++;
    } else {
      texts.merge(text, 1, Integer::sum);
    }
  }

  /** How often each text was shown, but for repeats. */
  Map<String, Integer> texts() {
    return Collections.unmodifiableMap(texts);
  }

  /** How often it could not read what it had not read before. */
  int undecryptable() {
    return undecryptable;
  }

  /** How often it could not read what it had read before. */
  int unreadableRepeats() {
    return unreadableRepeats;
  }

  /** How often it has shown a text once more after that. */
  int shownRepeats() {
    return shownRepeats;
  }

  /** How many of its retry receipts are about that: one each, if it asked at all. */
  int retriesOfRepeats() {
    return Math.min(unreadableRepeats, screen.retryReceipts());
  }

  /** How often it has acked what it had sent a receipt for, which else is a defect. */
  int repeatsAnsweredTwice() {
    return repeatsAnsweredTwice;
  }
}

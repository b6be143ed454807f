package dev.heliograph.journal;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrCode;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.message.MessageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fold of an instance's entries: all that its session remembers besides the records of its
 * pairing. It has no secrets and no content; its JSON is the checkpoint.
 */
public final class SessionState {
  /** Answers to retries are kept to repeat them; who asks again after so many others gets none. */
  private static final int ANSWERS_KEPT = 100;

  /** Messages whose senders never answer would pile up. */
  private static final int ASKED_KEPT = 500;

  private long epoch;
  private long sequence;
  private InstanceStatus status = InstanceStatus.PENDING;
  private @Nullable StatusReason reason;
  private Instant statusAt = Instant.EPOCH;
  private @Nullable Instant lastSeenAt;
  private long usedWish;
  private @Nullable QrCode qr;
  private @Nullable PairingId pairing;
  private boolean confirmed;
  private @Nullable String phoneNumber;
  private @Nullable String lid;
  private boolean deleted;

  /** Signal sessions and sender keys of entries before this one are void. */
  private long ratchetsFrom;

  private final Map<MessageId, Unsettled> unsettled = new LinkedHashMap<>();
  private final List<MessageId> refused = new ArrayList<>();
  private final Map<MessageId, Integer> asked = new LinkedHashMap<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  /**
   * A message that was handed to the socket, or was about to be, and that nothing has settled.
   *
   * @param seq the entry that holds its bytes, at {@code stanza} among its stanzas
   * @param replays how often a live socket got it again without an answer
   * @param wasRefused whether these bytes are the second ones, after the first were refused
   */
  public record Unsettled(
      MessageId message,
      String whatsappId,
      long seq,
      int stanza,
      Instant at,
      int replays,
      boolean wasRefused) {}

  /**
   * What a device got that asked for a message again.
   *
   * @param acked whether WhatsApp has it
   */
  public record Answer(MessageId message, String whatsappId, long seq, int stanza, boolean acked) {}

  void apply(long seq, Fact fact) {
    switch (fact) {
      case Fact.Opened opened -> epoch = opened.epoch();
      case Fact.RatchetsDropped dropped -> ratchetsFrom = Math.max(seq, dropped.newest() + 1);
      case Fact.Paired paired -> pair(paired);
      case Fact.PairingConfirmed yes -> confirmed = true;
      case Fact.PairingEnded ended -> unpair();
      case Fact.StatusChanged changed -> change(changed);
      case Fact.WishUsed used -> usedWish = used.wish();
      case Fact.QrShown shown -> qr = new QrCode(shown.raw(), shown.expiresAt(), shown.attempt());
      case Fact.Deleted gone -> delete();
      case Fact.Received received -> asked.remove(received.message());
      case Fact.Noted noted -> asked.remove(noted.message());
      case Fact.RetryAsked retry -> ask(retry);
      case Fact.Sending sending -> send(seq, sending);
      case Fact.Replayed replayed ->
          unsettled.computeIfPresent(replayed.message(), (id, sent) -> again(sent));
      case Fact.Refused refusal -> refuse(refusal);
      case Fact.Sent sent -> settle(sent.message());
      case Fact.Raised raised -> settle(raised.message());
      case Fact.Failed failed -> settle(failed.message());
      case Fact.RetryAnswered answered -> answer(seq, answered);
      case Fact.AnswerAcked acked -> answers.replaceAll((key, answer) -> ack(answer, acked));
    }
  }

  void count(int events) {
    sequence += events;
  }

  private void pair(Fact.Paired paired) {
    pairing = paired.pairing();
    confirmed = false;
    phoneNumber = paired.phoneNumber();
    lid = paired.lid();
  }

  private void unpair() {
    pairing = null;
    confirmed = false;
    phoneNumber = null;
    lid = null;
    asked.clear();
    answers.clear();
  }

  private void delete() {
    deleted = true;
    qr = null;
  }

  private void change(Fact.StatusChanged changed) {
    Instant seenAt = changed.status() == InstanceStatus.CONNECTED ? changed.at() : changed.seenAt();
    if (seenAt != null && (lastSeenAt == null || seenAt.isAfter(lastSeenAt))) {
      lastSeenAt = seenAt;
    }
    status = changed.status();
    reason = changed.reason();
    statusAt = changed.at();
    if (changed.usedWish() != null) {
      usedWish = changed.usedWish();
    }
    if (status != InstanceStatus.QR) {
      qr = null;
    }
  }

  private void ask(Fact.RetryAsked retry) {
    asked.put(retry.message(), retry.count());
    dropOldest(asked, ASKED_KEPT);
  }

  private static <K, V> void dropOldest(Map<K, V> map, int kept) {
    Iterator<K> oldest = map.keySet().iterator();
    while (map.size() > kept) {
      oldest.next();
      oldest.remove();
    }
  }

  private void send(long seq, Fact.Sending sending) {
    MessageId message = sending.message();
    boolean wasRefused = refused.remove(message);
    unsettled.put(
        message,
        new Unsettled(
            message, sending.whatsappId(), seq, sending.stanza(), sending.at(), 0, wasRefused));
  }

  /** What was settled before the refusal came is settled: it came through after all. */
  private void refuse(Fact.Refused refusal) {
    boolean wasUnsettled = unsettled.remove(refusal.message()) != null;
    if (wasUnsettled) {
      refused.add(refusal.message());
    }
  }

  private void settle(MessageId message) {
    unsettled.remove(message);
    refused.remove(message);
  }

  private void answer(long seq, Fact.RetryAnswered answered) {
    answers.put(
        key(answered.message(), answered.device(), answered.count()),
        new Answer(answered.message(), answered.whatsappId(), seq, answered.stanza(), false));
    dropOldest(answers, ANSWERS_KEPT);
  }

  private static Unsettled again(Unsettled sent) {
    return new Unsettled(
        sent.message(),
        sent.whatsappId(),
        sent.seq(),
        sent.stanza(),
        sent.at(),
        sent.replays() + 1,
        sent.wasRefused());
  }

  private static Answer ack(Answer answer, Fact.AnswerAcked acked) {
    return answer.message().equals(acked.message())
        ? new Answer(answer.message(), answer.whatsappId(), answer.seq(), answer.stanza(), true)
        : answer;
  }

  private static String key(MessageId message, String device, int count) {
    return message + " " + device + " " + count;
  }

  /** What the instance's row is to show. */
  StatusProjection projection() {
    return new StatusProjection(
        status,
        reason,
        phoneNumber == null ? null : new PhoneNumber(phoneNumber),
        lid,
        pairing,
        usedWish,
        qr,
        lastSeenAt,
        statusAt);
  }

  /** The epoch of the last opening. */
  public long epoch() {
    return epoch;
  }

  /** The number of the last event. */
  public long sequence() {
    return sequence;
  }

  public InstanceStatus status() {
    return status;
  }

  /** The last wish that came to its end. */
  public long usedWish() {
    return usedWish;
  }

  public Optional<PairingId> pairing() {
    return Optional.ofNullable(pairing);
  }

  /** Whether WhatsApp has accepted a login of this pairing. */
  public boolean isConfirmed() {
    return confirmed;
  }

  /** Digits; only while paired. */
  public Optional<String> phoneNumber() {
    return Optional.ofNullable(phoneNumber);
  }

  /** JID text without device; only while paired. */
  public Optional<String> lid() {
    return Optional.ofNullable(lid);
  }

  public boolean isDeleted() {
    return deleted;
  }

  /** The first entry whose Signal sessions and sender keys count. */
  long ratchetsFrom() {
    return ratchetsFrom;
  }

  /** The place of the entry that follows {@code last}: the next one, but for dropped ratchets. */
  long after(long last) {
    return Math.max(last + 1, ratchetsFrom);
  }

  /** Sends without an outcome, oldest first. */
  public Collection<Unsettled> unsettled() {
    return List.copyOf(unsettled.values());
  }

  public Optional<Unsettled> unsettled(MessageId message) {
    return Optional.ofNullable(unsettled.get(message));
  }

  /** Messages that are to be encrypted anew, oldest first. */
  public List<MessageId> refused() {
    return List.copyOf(refused);
  }

  /** How often a message's sender was asked for it again; 0 if never, or if it has come. */
  public int asked(MessageId message) {
    return asked.getOrDefault(message, 0);
  }

  /** What this device got when it asked for the message for the {@code count}th time. */
  public Optional<Answer> answer(MessageId message, String device, int count) {
    return Optional.ofNullable(answers.get(key(message, device, count)));
  }

  /** Answers that WhatsApp may not have, oldest first. */
  public List<Answer> unackedAnswers() {
    List<Answer> unacked = new ArrayList<>(answers.values());
    unacked.removeIf(Answer::acked);
    return unacked;
  }
}

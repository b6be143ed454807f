package dev.heliograph.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an entry says of its session: {@link SessionState} is the fold of all of them. Stored as
 * JSON, each under its name; what has been stored once is read for ever.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Fact.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = Fact.RatchetsDropped.class, name = "ratchets_dropped"),
  @JsonSubTypes.Type(value = Fact.Paired.class, name = "paired"),
  @JsonSubTypes.Type(value = Fact.PairingConfirmed.class, name = "pairing_confirmed"),
  @JsonSubTypes.Type(value = Fact.PairingEnded.class, name = "pairing_ended"),
  @JsonSubTypes.Type(value = Fact.StatusChanged.class, name = "status_changed"),
  @JsonSubTypes.Type(value = Fact.WishUsed.class, name = "wish_used"),
  @JsonSubTypes.Type(value = Fact.QrShown.class, name = "qr_shown"),
  @JsonSubTypes.Type(value = Fact.Deleted.class, name = "deleted"),
  @JsonSubTypes.Type(value = Fact.Received.class, name = "received"),
  @JsonSubTypes.Type(value = Fact.Noted.class, name = "noted"),
  @JsonSubTypes.Type(value = Fact.RetryAsked.class, name = "retry_asked"),
  @JsonSubTypes.Type(value = Fact.Sending.class, name = "sending"),
  @JsonSubTypes.Type(value = Fact.Replayed.class, name = "replayed"),
  @JsonSubTypes.Type(value = Fact.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = Fact.Sent.class, name = "sent"),
  @JsonSubTypes.Type(value = Fact.Raised.class, name = "raised"),
  @JsonSubTypes.Type(value = Fact.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = Fact.RetryAnswered.class, name = "retry_answered"),
  @JsonSubTypes.Type(value = Fact.AnswerAcked.class, name = "answer_acked"),
})
public sealed interface Fact {
  /** A worker opened the session: every earlier owner is fenced from here on. */
  record Opened(String worker, long epoch) implements Fact {}

  /**
   * The ratchets were behind what may have been sent: Signal sessions older than this are void.
   *
   * @param newest the entry of the newest record that was met, if that is later than this one: the
   *     next entry follows it, as what an earlier one changes would be refused; else 0
   */
  record RatchetsDropped(long newest) implements Fact {}

  /** A phone has scanned: the credentials are in the same entry. */
  record Paired(PairingId pairing, String phoneNumber, @Nullable String lid) implements Fact {
    @Override
    public String toString() {
      return "Paired[redacted]";
    }
  }

  /** The first login of a pairing succeeded. */
  record PairingConfirmed() implements Fact {}

  /** The pairing is over: its records are to be wiped. */
  record PairingEnded(PairingId pairing) implements Fact {}

  /**
   * A transition.
   *
   * @param usedWish the wish that is used up by it; nothing starts until there is a newer one
   * @param seenAt when there was last a connection, if the session that says so has had one
   */
  record StatusChanged(
      InstanceStatus status,
      @Nullable StatusReason reason,
      @Nullable Long usedWish,
      Instant at,
      @Nullable Instant seenAt)
      implements Fact {}

  /** A wish came to its end and changed nothing. */
  record WishUsed(long wish) implements Fact {}

  /** A QR code to be scanned until {@code expiresAt}; {@code attempt} dies with its connection. */
  record QrShown(String raw, Instant expiresAt, int attempt) implements Fact {
    @Override
    public String toString() {
      return "QrShown[redacted]";
    }
  }

  /** The instance is gone; nothing follows but {@code opened}. */
  record Deleted() implements Fact {}

  /**
   * A message came in whose row is to say so.
   *
   * @param event the place of its event among those of this entry
   */
  record Received(MessageId message, int event) implements Fact {}

  /** A message came in that nobody is told of; its row is to say so. */
  record Noted(MessageId message) implements Fact {}

  /** A message did not decrypt and its sender was asked for it, for the {@code count}th time. */
  record RetryAsked(MessageId message, int count) implements Fact {}

  /**
   * A message is about to be sent.
   *
   * @param stanza its place among the stanzas of this entry
   */
  record Sending(MessageId message, String whatsappId, int stanza, Instant at) implements Fact {}

  /** No answer came on a live socket: the same bytes went out once more. */
  record Replayed(MessageId message) implements Fact {}

  /**
   * WhatsApp has refused a message unsent, as it went to devices that are not there: it waits to be
   * encrypted anew.
   */
  record Refused(MessageId message) implements Fact {}

  /** WhatsApp has it. */
  record Sent(MessageId message, Instant at) implements Fact {}

  /** A receipt raised a message: delivered, read or played. */
  record Raised(MessageId message, MessageStatus to, Instant at) implements Fact {}

  /** A message ended without having been sent, or without anyone knowing. */
  record Failed(MessageId message, String error, Instant at) implements Fact {}

  /**
   * A device asked for a message again and is answered.
   *
   * @param device JID text with the device
   * @param count the asker's
   * @param stanza its place among the stanzas of this entry
   */
  record RetryAnswered(MessageId message, String whatsappId, String device, int count, int stanza)
      implements Fact {
    @Override
    public String toString() {
      return "RetryAnswered[" + message + ", count=" + count + "]";
    }
  }

  /** WhatsApp has the answers to retries of a message. */
  record AnswerAcked(MessageId message) implements Fact {}
}

package dev.heliograph.message;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.PhoneNumber;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that we were asked to send.
 *
 * @param shard of the instance
 * @param pairing the one it was accepted for: no other may send it
 * @param whatsappId see {@link WhatsAppId}
 * @param clientRef the customer's own name for it
 * @param deadline when it has lost its meaning if it is still queued
 * @param error why it failed; null unless it did
 * @param seq the journal entry that status, error and times stand for; 0 while it is queued
 */
public record Message(
    InstanceId instance,
    MessageId id,
    CustomerId customer,
    int shard,
    PairingId pairing,
    String whatsappId,
    PhoneNumber to,
    MessageBody body,
    @Nullable String clientRef,
    Instant acceptedAt,
    Instant deadline,
    MessageStatus status,
    @Nullable String error,
    @Nullable Instant sentAt,
    @Nullable Instant deliveredAt,
    @Nullable Instant readAt,
    long seq) {

  /** The error of a message that may have been sent: the only one that a late receipt corrects. */
  public static final String OUTCOME_UNKNOWN = "outcome_unknown";

  /** The error of a message that lost its meaning before it was sent. */
  public static final String DEADLINE_EXCEEDED = "deadline_exceeded";

  /** One that waits to be sent. */
  public static Message queued(
      InstanceId instance,
      CustomerId customer,
      int shard,
      PairingId pairing,
      String whatsappId,
      PhoneNumber to,
      MessageBody body,
      @Nullable String clientRef,
      Instant acceptedAt,
      Instant deadline) {
    return new Message(
        instance,
        MessageId.outbound(instance, whatsappId),
        customer,
        shard,
        pairing,
        whatsappId,
        to,
        body,
        clientRef,
        acceptedAt,
        deadline,
        MessageStatus.QUEUED,
        null,
        null,
        null,
        null,
        0);
  }

  /** Whether it has lost its meaning by now, if it waits still. */
  public boolean isLate(Instant now) {
    return deadline.isBefore(now);
  }

  /** Where it stands among those that wait, while it does. */
  public QueuePlace place() {
    return new QueuePlace(acceptedAt, id);
  }

  /** Whom it goes to, what it says and what the customer calls it stay out. */
  @Override
  public String toString() {
    return "Message[%s, %s, %s, error=%s, seq=%d]".formatted(instance, id, status, error, seq);
  }
}

package dev.heliograph.instance;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One logical WhatsApp connection. The API sets what is wished, the session projects what is.
 *
 * @param shard {@link #RETIRED} once the session has deleted everything
 * @param wish the number of the last wish; {@code usedWish} that of the last one used up
 * @param phoneNumber null until the first login of a pairing, as is {@code lid}
 * @param lid the account's LID as a JID
 * @param pairing null while there are no credentials, confirmed or not
 * @param qr only while there is one to scan
 * @param statusAt when the status became this; null if the session has said nothing yet
 * @param seq the journal entry that the projected part stands for; 0: none yet
 * @param deletedAt when the customer deleted it; the row stays until the session has done its part
 */
public record Instance(
    InstanceId id,
    CustomerId customer,
    String name,
    Metadata metadata,
    int shard,
    Desired desired,
    long wish,
    long usedWish,
    InstanceStatus status,
    @Nullable StatusReason statusReason,
    @Nullable PhoneNumber phoneNumber,
    @Nullable String lid,
    @Nullable PairingId pairing,
    @Nullable QrCode qr,
    @Nullable Instant lastSeenAt,
    @Nullable Instant statusAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant deletedAt,
    long seq) {

  /** The shard of an instance that no worker has to look after. */
  public static final int RETIRED = -1;

  /** One that nobody has asked anything of. */
  public static Instance created(
      InstanceId id, CustomerId customer, String name, Metadata metadata, int shard, Instant now) {
    return new Instance(
        id,
        customer,
        name,
        metadata,
        shard,
        Desired.NONE,
        0,
        0,
        InstanceStatus.PENDING,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        now,
        now,
        null,
        0);
  }

  public boolean isDeleted() {
    return deletedAt != null;
  }

  /** Whether the customer wants it connected and no attempt has used that wish up. */
  public boolean isStartWished() {
    return desired == Desired.RUNNING && wish > usedWish;
  }

  /** The same one under another status, for a reader who knows better than the row. */
  public Instance shownAs(InstanceStatus status, StatusReason reason) {
    return new Instance(
        id,
        customer,
        name,
        metadata,
        shard,
        desired,
        wish,
        usedWish,
        status,
        reason,
        phoneNumber,
        lid,
        pairing,
        qr,
        lastSeenAt,
        statusAt,
        createdAt,
        updatedAt,
        deletedAt,
        seq);
  }

  /** The same one, seen at another time. */
  public Instance seenAt(@Nullable Instant lastSeenAt) {
    return new Instance(
        id,
        customer,
        name,
        metadata,
        shard,
        desired,
        wish,
        usedWish,
        status,
        statusReason,
        phoneNumber,
        lid,
        pairing,
        qr,
        lastSeenAt,
        statusAt,
        createdAt,
        updatedAt,
        deletedAt,
        seq);
  }

  /** Without name, number, LID and metadata: personal data. */
  @Override
  public String toString() {
    return "Instance[%s, %s, reason=%s, desired=%s, wish=%d/%d, seq=%d]"
        .formatted(id, status, statusReason, desired, usedWish, wish, seq);
  }
}

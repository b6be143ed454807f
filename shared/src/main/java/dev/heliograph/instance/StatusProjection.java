package dev.heliograph.instance;

import dev.heliograph.authstate.PairingId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of an instance's row that follows its journal; null means that there is none.
 *
 * @param usedWish the number of the last wish that has come to its end
 * @param at when the status became this
 */
public record StatusProjection(
    InstanceStatus status,
    @Nullable StatusReason reason,
    @Nullable PhoneNumber phoneNumber,
    @Nullable String lid,
    @Nullable PairingId pairing,
    long usedWish,
    @Nullable QrCode qr,
    @Nullable Instant lastSeenAt,
    Instant at) {

  /** Without the LID: personal data. */
  @Override
  public String toString() {
    return "StatusProjection[%s, reason=%s, pairing=%s, usedWish=%d]"
        .formatted(status, reason, pairing, usedWish);
  }
}

package dev.heliograph.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of an outbound message's row that follows its journal.
 *
 * @param error null: there is none
 * @param sentAt null: not known here, and left as it is; so are the other times
 */
public record MessageProjection(
    MessageStatus status,
    @Nullable String error,
    @Nullable Instant sentAt,
    @Nullable Instant deliveredAt,
    @Nullable Instant readAt) {}

package dev.heliograph.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of an outbound message's row that follows its journal; null means that there is none.
 */
public record MessageProjection(
    MessageStatus status,
    @Nullable String error,
    @Nullable Instant sentAt,
    @Nullable Instant deliveredAt,
    @Nullable Instant readAt) {}

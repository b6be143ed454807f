package dev.heliograph.message;

import dev.heliograph.event.EventId;
import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a message was received, so that a resend of it is known. Its content is in its event alone.
 *
 * @param seq the journal entry that has it
 * @param event that tells of it; null if it was nothing for a customer
 */
public record InboundRow(
    InstanceId instance, MessageId id, long seq, @Nullable EventId event, Instant receivedAt) {}

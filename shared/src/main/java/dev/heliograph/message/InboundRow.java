package dev.heliograph.message;

import dev.heliograph.event.EventId;
import dev.heliograph.instance.InstanceId;
import java.time.Instant;

/**
 * That a message was received, so that a resend of it is known. Its content is in its event alone.
 *
 * @param seq the journal entry that has it
 */
public record InboundRow(
    InstanceId instance, MessageId id, long seq, EventId event, Instant receivedAt) {}

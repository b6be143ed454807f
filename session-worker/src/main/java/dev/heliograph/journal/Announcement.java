package dev.heliograph.journal;

import dev.heliograph.event.EventData;
import dev.heliograph.event.EventType;

/** An event to be: its place, and with it its id and number, is known once it is appended. */
public record Announcement(EventType type, EventData data) {}

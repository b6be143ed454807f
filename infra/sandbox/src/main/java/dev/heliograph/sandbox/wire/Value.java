package dev.heliograph.sandbox.wire;

/**
 * An attribute's value. The wire tells JIDs from text, and clients are strict about it: one of them
 * reads no JID from text and no number from a JID.
 */
public sealed interface Value permits Jid, Text {
  String text();
}

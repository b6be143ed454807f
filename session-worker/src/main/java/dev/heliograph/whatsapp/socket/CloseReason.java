package dev.heliograph.whatsapp.socket;

/** Why a connection is over. */
public enum CloseReason {
  CLOSED_BY_US,
  CLOSED_BY_SERVER,
  /** The socket broke. */
  LOST,
  /** A ping was not followed by anything, or was late by as long: this process stood still. */
  SILENT,
  /** A frame did not decrypt. */
  BAD_FRAME,
  /** A frame decrypted to what is not a node. */
  BAD_NODE,
  /** The other side does not take what we send. */
  STUCK
}

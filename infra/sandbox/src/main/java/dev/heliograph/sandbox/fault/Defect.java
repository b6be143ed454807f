package dev.heliograph.sandbox.fault;

/**
 * What a client may not do. WhatsApp forgives some of it, punishes some, and says nothing about
 * most.
 */
public enum Defect {
  /** A 1:1 message went to a phone number, although every account has a LID. Baileys does this. */
  ADDRESSED_TO_PHONE_NUMBER,
  /** A message left out a device of the recipient or of the sender. */
  DEVICE_LEFT_OUT,
  /** A message was encrypted for a device that does not exist. */
  DEVICE_UNKNOWN,
  /**
   * A message was encrypted for a device of neither the recipient nor the sender, or for the
   * sending device.
   */
  DEVICE_FOREIGN,
  /** A pkmsg without the sender's device identity beside it, or with another one. */
  DEVICE_IDENTITY_WRONG,
  /** The same message id again, with other bytes, although nobody asked for a resend. */
  REPLAY_DIFFERS,
  /** Two different ciphertexts for one device at the same place of the same ratchet. */
  RATCHET_STEP_REUSED,
  /** A ciphertext that is no Signal message. */
  CIPHERTEXT_MALFORMED,
  /** A pre-key number with another key than before. */
  PRE_KEY_ID_REUSED,
  /** A signed pre-key whose signature does not verify, or an upload with another identity. */
  SIGNED_PRE_KEY_WRONG,
  /** A message that was answered by both a delivery receipt and an ack. */
  ANSWERED_TWICE,
  /** A stanza without what it must have. */
  STANZA_MALFORMED,
  /** A stanza that no client sends. */
  STANZA_UNKNOWN,
  /** A question that this server does not know. */
  IQ_UNKNOWN
}

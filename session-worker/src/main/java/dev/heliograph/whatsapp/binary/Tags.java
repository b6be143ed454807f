package dev.heliograph.whatsapp.binary;

/** The bytes that tell what follows. */
final class Tags {
  static final int LIST_EMPTY = 0;
  static final int STREAM_END = 2;
  static final int DICTIONARY_0 = 236;
  static final int DICTIONARY_3 = 239;
  static final int INTEROP_JID = 245;
  static final int MESSENGER_JID = 246;
  static final int DEVICE_JID = 247;
  static final int LIST_8 = 248;
  static final int LIST_16 = 249;
  static final int JID_PAIR = 250;
  static final int HEX_8 = 251;
  static final int BINARY_8 = 252;
  static final int BINARY_20 = 253;
  static final int BINARY_32 = 254;
  static final int NIBBLE_8 = 255;

  /** What a packed text's half bytes stand for; 15 fills the last one up. */
  static final String NIBBLES = "0123456789-.";

  static final String HEX = "0123456789ABCDEF";
  static final int FILLER = 15;

  /** A packed text has its length in 7 bits, in bytes. */
  static final int LONGEST_PACKED = 127;

  private Tags() {}
}

package dev.heliograph.sandbox.wire;

/** What the first byte of a list, string or JID says. */
final class Tag {
  static final int LIST_EMPTY = 0;
  static final int STREAM_END = 2;
  static final int INTEROP_JID = 245;
  static final int FB_JID = 246;
  static final int AD_JID = 247;
  static final int LIST_8 = 248;
  static final int LIST_16 = 249;
  static final int JID_PAIR = 250;
  static final int HEX_8 = 251;
  static final int BINARY_8 = 252;
  static final int BINARY_20 = 253;
  static final int BINARY_32 = 254;
  static final int NIBBLE_8 = 255;

  private Tag() {}

  /**
   * The server that an AD_JID's domain type stands for; other values are agents of old on phone
   * numbers.
   */
  static String serverOf(int domainType) {
    return switch (domainType) {
      case 1 -> Jid.LIDS;
      case 128 -> "hosted";
      case 129 -> "hosted.lid";
      default -> Jid.PHONE_NUMBERS;
    };
  }

  static int domainTypeOf(String server) {
    return switch (server) {
      case Jid.LIDS -> 1;
      case "hosted" -> 128;
      case "hosted.lid" -> 129;
      default -> 0;
    };
  }
}

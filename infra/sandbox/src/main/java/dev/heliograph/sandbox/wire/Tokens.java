package dev.heliograph.sandbox.wire;

import it.auties.whatsapp.io.BinaryTokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dictionary version 3: the words that take one byte or two on the wire. */
final class Tokens {
  static final int SINGLE_BYTE_COUNT = 236;
  static final int DICTIONARY_COUNT = 256;
  static final int FIRST_DICTIONARY_TAG = 236;

  private static final List<BinaryTokens> DICTIONARIES =
      List.of(
          BinaryTokens.DICTIONARY_0_TOKENS,
          BinaryTokens.DICTIONARY_1_TOKENS,
          BinaryTokens.DICTIONARY_2_TOKENS,
          BinaryTokens.DICTIONARY_3_TOKENS);

  private static final Map<String, byte[]> ENCODED = encoded();

  private Tokens() {}

  static String single(int tag) {
    return BinaryTokens.SINGLE_BYTE_TOKENS.get(tag);
  }

  static String ofDictionary(int dictionary, int index) {
    return DICTIONARIES.get(dictionary).get(index);
  }

  /** The one or two bytes that stand for a word, or null if it is in no table. */
  static byte @Nullable [] find(String word) {
    return ENCODED.get(word);
  }

  private static Map<String, byte[]> encoded() {
    Map<String, byte[]> encoded = new HashMap<>();
    for (int dictionary = DICTIONARIES.size() - 1; dictionary >= 0; dictionary--) {
      for (int index = 0; index < DICTIONARY_COUNT; index++) {
        encoded.put(
            ofDictionary(dictionary, index),
            new byte[] {(byte) (FIRST_DICTIONARY_TAG + dictionary), (byte) index});
      }
    }
    // Entry 0 is no word: it is LIST_EMPTY.
    for (int tag = 1; tag < SINGLE_BYTE_COUNT; tag++) {
      encoded.put(single(tag), new byte[] {(byte) tag});
    }
    encoded.remove("");
    return encoded;
  }
}

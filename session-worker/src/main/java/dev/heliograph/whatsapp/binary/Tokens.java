package dev.heliograph.whatsapp.binary;

import dev.heliograph.whatsapp.ProtocolException;
import it.auties.whatsapp.io.BinaryTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words that the protocol has a byte or two for: version 3 of its dictionary. */
final class Tokens {
  static final int VERSION = BinaryTokens.DICTIONARY_VERSION;

  private static final int SINGLE_BYTE_TOKENS = 236;
  private static final int DICTIONARY_SIZE = 256;
  private static final List<BinaryTokens> DICTIONARIES =
      List.of(
          BinaryTokens.DICTIONARY_0_TOKENS,
          BinaryTokens.DICTIONARY_1_TOKENS,
          BinaryTokens.DICTIONARY_2_TOKENS,
          BinaryTokens.DICTIONARY_3_TOKENS);

  private static final List<String> SINGLE = single();
  private static final List<List<String>> DOUBLE = doubles();
  private static final Map<String, Token> TOKENS = tokens();

  private Tokens() {}

  /**
   * Where a word stands.
   *
   * @param dictionary -1 for the words of a single byte
   */
  record Token(int dictionary, int index) {}

  static @Nullable Token find(String word) {
    return TOKENS.get(word);
  }

  static boolean isSingle(int tag) {
    return tag > 0 && tag < SINGLE_BYTE_TOKENS;
  }

  static String single(int tag) {
    if (!isSingle(tag)) throw new ProtocolException("a byte that stands for no word");
    return SINGLE.get(tag);
  }

  static String of(int dictionary, int index) {
    return DOUBLE.get(dictionary).get(index);
  }

  private static List<String> single() {
    List<String> words = new ArrayList<>();
    words.add("");
    for (int tag = 1; tag < SINGLE_BYTE_TOKENS; tag++) {
      words.add(BinaryTokens.SINGLE_BYTE_TOKENS.get(tag));
    }
    return List.copyOf(words);
  }

  private static List<List<String>> doubles() {
    List<List<String>> dictionaries = new ArrayList<>();
    for (BinaryTokens dictionary : DICTIONARIES) {
      List<String> words = new ArrayList<>();
      for (int index = 0; index < DICTIONARY_SIZE; index++) words.add(dictionary.get(index));
      dictionaries.add(List.copyOf(words));
    }
    return List.copyOf(dictionaries);
  }

  private static Map<String, Token> tokens() {
    Map<String, Token> tokens = new HashMap<>();
    for (int tag = 1; tag < SINGLE_BYTE_TOKENS; tag++)
      tokens.put(SINGLE.get(tag), new Token(-1, tag));
    for (int dictionary = 0; dictionary < DOUBLE.size(); dictionary++) {
      for (int index = 0; index < DICTIONARY_SIZE; index++) {
        tokens.putIfAbsent(DOUBLE.get(dictionary).get(index), new Token(dictionary, index));
      }
    }
    return Map.copyOf(tokens);
  }
}

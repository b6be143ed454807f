package dev.heliograph.whatsapp.binary;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.Node.Text;
import dev.heliograph.whatsapp.Node.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws nodes of every form that the encoder writes. */
final class RandomNodes {
  private static final String[] WORDS = {
    "iq", "message", "to", "jid", "s.whatsapp.net", "pair-device", "3EB0AB", "12-34.5", "ÄÖ\u0000€"
  };

  private static final List<Server> SERVERS = List.of(Server.values());

  private final RandomGenerator random;

  RandomNodes(RandomGenerator random) {
    this.random = random;
  }

  Node node() {
    return node(4);
  }

  private Node node(int levels) {
    Node node = Node.of(word());
    for (int i = random.nextInt(5); i > 0; i--) node = node.with(word(), value());
    return switch (random.nextInt(3)) {
      case 0 -> node;
      case 1 -> node.with(bytes());
      default -> levels == 0 ? node : node.with(children(levels - 1));
    };
  }

  private List<Node> children(int levels) {
    List<Node> children = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) children.add(node(levels));
    return children;
  }

  private Value value() {
    return random.nextInt(3) == 0 ? jid() : new Text(random.nextInt(9) == 0 ? "" : word());
  }

  private Jid jid() {
    Server server = SERVERS.get(random.nextInt(SERVERS.size()));
    String digits = Long.toString(random.nextLong(1L << 50));
    return switch (server) {
      case PN, LID, HOSTED, HOSTED_LID -> new Jid(digits, random.nextInt(0x100), server);
      case MESSENGER -> new Jid(digits, random.nextInt(0x10000), server);
      case INTEROP ->
          new Jid(random.nextInt(0x10000) + "-" + digits, random.nextInt(0x10000), server);
      case GROUP, BROADCAST, NEWSLETTER, BOT, CALL ->
          new Jid(random.nextBoolean() ? digits : "", 0, server);
    };
  }

  private byte[] bytes() {
    int most = random.nextInt(300) == 0 ? 1 << 21 : 600;
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  private String word() {
    return switch (random.nextInt(4)) {
      case 0 -> WORDS[random.nextInt(WORDS.length)];
      case 1 -> drawn(Tags.NIBBLES, 300);
      case 2 -> drawn(Tags.HEX, 300);
      default -> Tokens.of(random.nextInt(4), random.nextInt(256));
    };
  }

  private String drawn(String alphabet, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, most); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}

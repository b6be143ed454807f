package dev.heliograph.webhook;

import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A block of IP addresses, such as {@code 10.0.0.0/8} or {@code ::1/128}.
 *
 * @param network its first address
 * @param prefix how many leading bits its addresses share
 */
public record Cidr(InetAddress network, int prefix) {
  /** Nothing but these may reach the JDK, which asks the DNS about all that is no literal. */
  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)/([0-9]{1,3})");

  public Cidr {
    if (prefix > network.getAddress().length * 8) {
      throw new IllegalArgumentException("an address has fewer bits than the prefix");
    }
  }

  /** Reads the usual form; bits after the prefix are ignored. */
  public static Cidr parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a block of addresses");
    }
    InetAddress network = InetAddress.ofLiteral(matcher.group(1));
    return new Cidr(network, Integer.parseInt(matcher.group(2)));
  }

  /** Whether the address is one of the block's. IPv4 and IPv6 are strangers to each other. */
  public boolean contains(InetAddress address) {
    byte[] these = network.getAddress();
    byte[] those = address.getAddress();
    if (these.length != those.length) {
      return false;
    }
    int wholeBytes = prefix / 8;
    for (int i = 0; i < wholeBytes; i++) {
      if (these[i] != those[i]) {
        return false;
      }
    }
    int bits = prefix % 8;
    int mask = 0xff << (8 - bits);
    return bits == 0 || (these[wholeBytes] & mask) == (those[wholeBytes] & mask);
  }
}

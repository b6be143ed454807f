package dev.heliograph.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps customers' URLs out of our own network. A host is asked for its addresses once, all of them
 * have to be good, and the request goes to one of exactly these: a name that changes its mind
 * between the check and the connection gains nothing.
 */
public final class AddressGuard {
  /** What the IANA's registry of special-purpose addresses does not call globally reachable. */
  private static final List<Cidr> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4",
              "240.0.0.0/4",
              // Within the only block that IPv6 addresses are given out from:
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "3fff::/20")
          .map(Cidr::parse)
          .toList();

  private static final Cidr GLOBAL_UNICAST_V6 = Cidr.parse("2000::/3");

  private final HostResolver resolver;
  private final List<Cidr> allowed;

  /**
   * A guard.
   *
   * @param allowed what the operator trusts: not public perhaps, and reachable by plain HTTP
   */
  AddressGuard(HostResolver resolver, List<Cidr> allowed) {
    this.resolver = resolver;
    this.allowed = List.copyOf(allowed);
  }

  /**
   * The addresses to which a request for this URL may go.
   *
   * @throws RefusedTargetException if there is none, or even one that it must not go to
   */
  public List<InetAddress> addressesOf(EndpointUrl url) {
    List<InetAddress> addresses = resolve(url.host());
    for (InetAddress address : addresses) {
      if (!isAllowed(address)) {
        check(url, address);
      }
    }
    return addresses;
  }

  private static void check(EndpointUrl url, InetAddress address) {
    if (!isPublic(address)) {
      throw new RefusedTargetException("address_not_public", "must lead to a public address");
    }
    if (!url.isHttps()) {
      throw new RefusedTargetException("https_required", "must be an https URL");
    }
  }

  private List<InetAddress> resolve(String host) {
    try {
      List<InetAddress> addresses = resolver.resolve(host);
      if (!addresses.isEmpty()) {
        return addresses;
      }
    } catch (UnknownHostException noSuchHost) {
      // Answered below: its message names the host.
    }
    throw new RefusedTargetException("host_unknown", "must name a host that exists");
  }

  private boolean isAllowed(InetAddress address) {
    return allowed.stream().anyMatch(cidr -> cidr.contains(address));
  }

  private static boolean isPublic(InetAddress address) {
    // The JDK turns ::ffff:10.0.0.1 into 10.0.0.1; other disguises of IPv4 are outside 2000::/3,
    // or in the list.
    boolean inUse = address instanceof Inet4Address || GLOBAL_UNICAST_V6.contains(address);
    return inUse && NOT_PUBLIC.stream().noneMatch(cidr -> cidr.contains(address));
  }
}

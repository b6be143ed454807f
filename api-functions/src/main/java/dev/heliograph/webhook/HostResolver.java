package dev.heliograph.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks the DNS. */
@FunctionalInterface
interface HostResolver {
  /** All addresses of a host, in the order in which to try them. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** The system's. */
  static HostResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}

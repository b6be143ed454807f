package dev.heliograph.health;

import io.vertx.core.http.HttpServer;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;

/** A port of a worker's. */
public final class Port {
  private Port() {}

  /**
   * Lets a server listen.
   *
   * @param address with port 0 for any that is free
   * @param variables what the names of the variables begin with that say the address
   * @return where it answers
   * @throws CannotListenException if the port is taken or the address is not this machine's
   */
  public static URI open(HttpServer server, InetSocketAddress address, String variables) {
    String host = address.getAddress().getHostAddress();
    try {
      int port = server.listen(address.getPort(), host).await().actualPort();
      return new URI("http", null, host, port, null, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("an address that is none of a URL", e);
    } catch (Exception failed) {
      // What listening has failed with is thrown as it is, checked or not.
      if (failed instanceof SocketException) {
        throw new CannotListenException(address, variables, failed);
      }
      throw failed;
    }
  }
}

package dev.heliograph.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the DNS. */
@FunctionalInterface
interface HostResolver {
  Duration PATIENCE = Duration.ofSeconds(3);

  /** All addresses of a host, in the order in which to try them. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** The system's, whose own patience with a silent name server outlasts any caller's. */
  static HostResolver system() {
    HostResolver system = host -> List.of(InetAddress.getAllByName(host));
    return system.within(PATIENCE);
  }

  /** The same one; a host that it does not find in time is not found. */
  default HostResolver within(Duration patience) {
    return host -> {
      FutureTask<List<InetAddress>> lookUp = new FutureTask<>(() -> resolve(host));
      Thread.ofVirtual().name("name look-up").start(lookUp);
      try {
        return lookUp.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException | ExecutionException unanswered) {
        throw new UnknownHostException();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new UnknownHostException();
      }
    };
  }
}

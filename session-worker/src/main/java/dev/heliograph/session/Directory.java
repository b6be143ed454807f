package dev.heliograph.session;

import dev.heliograph.journal.SessionClock;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.device.Devices;
import dev.heliograph.whatsapp.device.UserDevices;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.stream.Iqs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which devices users have, asked for when needed and believed for a while. */
final class Directory {
  private static final Duration BELIEVED = Duration.ofMinutes(10);
  private static final int MOST = 2000;

  private final SessionClock clock;
  private final Map<Jid, Known> known = new HashMap<>();

  private record Known(UserDevices devices, long since) {}

  Directory(SessionClock clock) {
    this.clock = clock;
  }

  /**
   * The devices of users; what is not known is asked for at once.
   *
   * @return those of whom WhatsApp has told
   * @throws dev.heliograph.whatsapp.socket.ConnectionClosedException if the connection closes
   * @throws dev.heliograph.whatsapp.socket.IqErrorException if WhatsApp does not tell
   * @throws dev.heliograph.whatsapp.socket.IqTimeoutException if there is no answer
   */
  Map<Jid, UserDevices> find(List<Jid> users, Connection connection) throws InterruptedException {
    Map<Jid, UserDevices> found = new HashMap<>();
    List<Jid> asked = new ArrayList<>();
    for (Jid user : users) {
      believed(user).ifPresentOrElse(devices -> found.put(user, devices), () -> asked.add(user));
    }
    if (!asked.isEmpty()) {
      Node answer =
          connection.request(Devices.query(connection.nextId(), asked), Iqs.ANSWER_WITHIN);
      for (UserDevices user : Devices.parse(answer, asked)) {
        found.put(user.asked(), user);
        remember(user);
      }
    }
    return found;
  }

  private Optional<UserDevices> believed(Jid user) {
    return Optional.ofNullable(known.get(user))
        .filter(devices -> clock.nanos() - devices.since() < BELIEVED.toNanos())
        .map(Known::devices);
  }

  /** Whoever is not on WhatsApp may be in a moment. */
  private void remember(UserDevices user) {
    if (!user.registered()) {
      return;
    }
    if (known.size() >= MOST) {
      known.clear();
    }
    known.put(user.asked(), new Known(user, clock.nanos()));
  }

  /** Believes nothing any more. */
  void forgetAll() {
    known.clear();
  }

  /** Believes nothing of a user any more, whichever of his addresses he is known by. */
  void forget(Jid user) {
    known
        .values()
        .removeIf(
            devices ->
                devices.devices().asked().equals(user)
                    || devices.devices().lid().filter(user::equals).isPresent()
                    || devices.devices().pn().filter(user::equals).isPresent());
  }
}

package dev.heliograph.sandbox.login;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.connection.Connection;
import dev.heliograph.sandbox.connection.Entrance;
import dev.heliograph.sandbox.connection.Role;
import dev.heliograph.sandbox.pairing.Pairings;
import dev.heliograph.sandbox.proto.ClientPayload;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.Node;
import dev.heliograph.sandbox.wire.ServerHandshake;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells who comes in to log in from who comes in to be linked, and whether they are who they say.
 */
public final class Gate implements Entrance {
  private static final int LOGGED_OUT = 401;

  /**
   * Any bytes: a client repeats them in front of its next connection, and they are skipped there.
   */
  private static final byte[] ROUTING_INFO = "sandbox".getBytes(StandardCharsets.US_ASCII);

  private final Accounts accounts;
  private final Devices devices;
  private final Pairings pairings;
  private final Session.Services services;

  public Gate(Accounts accounts, Devices devices, Pairings pairings, Session.Services services) {
    this.accounts = accounts;
    this.devices = devices;
    this.pairings = pairings;
    this.services = services;
  }

  @Override
  public @Nullable Role enter(Turn turn, Connection connection, ServerHandshake.Finished client) {
    ClientPayload payload = client.payload();
    if (payload.hasDevicePairingData()) {
      return pairings.begin(turn, connection, client.noiseKey(), payload.getDevicePairingData());
    }
    Optional<Account> account = accounts.findByMsisdn(Long.toUnsignedString(payload.getUsername()));
    Optional<Device> device =
        account
            .flatMap(found -> devices.find(new DeviceAddress(found.lid(), payload.getDevice())))
            .filter(found -> found.noiseKey().equals(client.noiseKey()));
    Optional<Node> failure =
        device.isEmpty()
            ? Optional.of(Node.of("failure").with("reason", LOGGED_OUT).with("location", "snb"))
            : services.faults().refuseLogin(device.get().address().lid());
    if (failure.isPresent()) {
      connection.end(failure.get());
      return null;
    }
    return logIn(turn, connection, account.orElseThrow(), device.orElseThrow(), payload);
  }

  private Session logIn(
      Turn turn, Connection connection, Account account, Device device, ClientPayload payload) {
    Session session = new Session(services, connection, device);
    services
        .sessions()
        .put(session)
        .ifPresent(
            old -> old.end(Connection.streamError(Node.of("conflict").with("type", "replaced"))));
    turn.afterCommit(
        () -> {
          connection.send(success(account, device));
          connection.send(edgeRouting());
        });
    if (!payload.getPassive()) {
      session.activate(turn);
    }
    return session;
  }

  private Node success(Account account, Device device) {
    return Node.of("success")
        .with("t", services.clock().instant().getEpochSecond())
        .with("lid", device.address().jid())
        .with("props", "0")
        .with("abprops", "0")
        .with("location", "snb")
        .with("creation", account.createdAt().getEpochSecond())
        .with("display_name", account.pushName());
  }

  private static Node edgeRouting() {
    return Node.of("ib", Node.of("edge_routing", Node.of("routing_info", ROUTING_INFO)))
        .with("from", Jid.SERVER);
  }
}

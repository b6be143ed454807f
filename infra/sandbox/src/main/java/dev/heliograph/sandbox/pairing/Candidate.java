package dev.heliograph.sandbox.pairing;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.connection.Connection;
import dev.heliograph.sandbox.connection.Role;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentity;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.Node;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A client that shows a QR code. */
final class Candidate implements Role {
  private static final String PAIR_SUCCESS_ID = "pair-success";

  private final Pairings pairings;
  private final Connection connection;
  private final Registration registration;
  private final RefSchedule refs;
  private @Nullable Offer offer;

  Candidate(Pairings pairings, Connection connection, Registration registration, RefSchedule refs) {
    this.pairings = pairings;
    this.connection = connection;
    this.registration = registration;
    this.refs = refs;
  }

  /** What a phone has signed, and who waits for the companion's answer. */
  record Offer(
      Account account,
      DeviceAddress address,
      int keyIndex,
      ADVSignedDeviceIdentity identity,
      CompletableFuture<DeviceAddress> linked) {}

  Connection connection() {
    return connection;
  }

  Registration registration() {
    return registration;
  }

  RefSchedule refs() {
    return refs;
  }

  boolean isTaken() {
    return offer != null;
  }

  void showRefs() {
    connection.send(
        serverIq("pair-device")
            .with(
                Node.of(
                    "pair-device",
                    refs.refs().stream()
                        .map(ref -> Node.of("ref", ref.getBytes(StandardCharsets.US_ASCII)))
                        .toList())));
  }

  void offer(Turn turn, Offer made, byte[] sealedIdentity) {
    offer = made;
    Jid pn = new Jid(made.account().msisdn(), made.address().device(), Jid.PHONE_NUMBERS);
    Node pairSuccess =
        Node.of(
            "pair-success",
            Node.of("device-identity", sealedIdentity),
            Node.of("device").with("jid", pn).with("lid", made.address().jid()),
            Node.of("platform").with("name", "android"));
    turn.afterCommit(() -> connection.send(serverIq(PAIR_SUCCESS_ID).with(pairSuccess)));
  }

  private static Node serverIq(String id) {
    return Node.of("iq")
        .with("from", Jid.SERVER)
        .with("type", "set")
        .with("id", id)
        .with("xmlns", "md");
  }

  @Override
  public void receive(Turn turn, Node node) {
    if (!node.is("iq")) {
      return;
    }
    switch (node.requireText("type")) {
      case "result" -> answered(turn, node);
      case "error" -> refused(node);
      default -> turn.afterCommit(() -> connection.send(pairings.answer(node)));
    }
  }

  private void answered(Turn turn, Node result) {
    if (offer != null && result.requireText("id").equals(PAIR_SUCCESS_ID)) {
      pairings.complete(turn, this, offer, result.requireChild("pair-device-sign"));
    }
  }

  private void refused(Node error) {
    if (offer != null && error.requireText("id").equals(PAIR_SUCCESS_ID)) {
      String text = error.child("error").flatMap(child -> child.text("text")).orElse("no reason");
      offer
          .linked()
          .completeExceptionally(
              new RefusedScanException(
                  RefusedScanException.Reason.COMPANION_REFUSED, "the companion refused: " + text));
    }
  }

  @Override
  public void refuse(Node node, RuntimeException reason) {
    connection.end(Connection.streamError(Node.of("xml-not-well-formed")));
  }

  @Override
  public void gone() {
    pairings.forget(this);
    if (offer != null) {
      offer
          .linked()
          .completeExceptionally(
              new RefusedScanException(
                  RefusedScanException.Reason.COMPANION_GONE,
                  "the companion went away while it was being linked"));
    }
  }
}

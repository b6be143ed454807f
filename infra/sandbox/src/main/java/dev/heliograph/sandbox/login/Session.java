package dev.heliograph.sandbox.login;

import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.connection.Connection;
import dev.heliograph.sandbox.connection.Role;
import dev.heliograph.sandbox.fault.Defect;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.fault.Faults;
import dev.heliograph.sandbox.iq.IqRefusedException;
import dev.heliograph.sandbox.iq.Iqs;
import dev.heliograph.sandbox.relay.Outbox;
import dev.heliograph.sandbox.relay.Relay;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.store.Turns;
import dev.heliograph.sandbox.wire.Iq;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.MalformedStanzaException;
import dev.heliograph.sandbox.wire.Node;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A linked companion that is logged in. */
public final class Session implements Role {
  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final int REMEMBERED = 1000;
  private static final String MALFORMED = "479";

  private final Services services;
  private final Connection connection;
  private final Device device;
  private final Consumer<Node> line;
  private final Set<String> receipted =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  private boolean isActive;

  Session(Services services, Connection connection, Device device) {
    this.services = services;
    this.connection = connection;
    this.device = device;
    this.line = connection::send;
  }

  /** Who answers what a companion sends. */
  public record Services(
      Turns turns,
      Sessions sessions,
      Outbox outbox,
      Relay relay,
      Iqs iqs,
      Unlinking unlinking,
      Faults faults,
      Defects defects,
      InstantSource clock) {}

  DeviceAddress address() {
    return device.address();
  }

  public Connection connection() {
    return connection;
  }

  @Override
  public void receive(Turn turn, Node node) {
    switch (node.tag()) {
      case "iq" -> receiveIq(turn, node);
      case "message" -> receiveMessage(turn, node);
      case "receipt" -> receiveReceipt(turn, node);
      case "ack" -> receiveAck(node);
      case "call" -> send(turn, ack(node));
      // Nobody here shows who is typing, and the queue is not handed out in batches.
      case "presence", "chatstate", "ib" -> {}
      default -> services.defects().record(address(), Defect.STANZA_UNKNOWN, node.tag());
    }
  }

  private void receiveIq(Turn turn, Node iq) {
    String type = iq.requireText("type");
    if (type.equals("result") || type.equals("error")) {
      return;
    }
    if (iq.child("active").isPresent()) {
      send(turn, Iq.result(iq));
      activate(turn);
    } else if (iq.child("remove-companion-device").isPresent()) {
      remove(turn, iq);
    } else {
      send(turn, services.iqs().answer(turn, device, iq));
    }
  }

  /** Deliveries begin. */
  void activate(Turn turn) {
    if (!isActive) {
      isActive = true;
      services.outbox().open(turn, address(), line);
    }
  }

  private void remove(Turn turn, Node iq) {
    Jid jid = iq.requireChild("remove-companion-device").requireJid("jid");
    if (!services.iqs().isOwn(device, jid)) {
      throw new IqRefusedException(403, "forbidden");
    }
    send(turn, Iq.result(iq));
    services.unlinking().unlink(turn, new DeviceAddress(address().lid(), jid.device()));
  }

  private void receiveMessage(Turn turn, Node message) {
    Node ack = services.relay().accept(turn, device, message);
    if (!services.faults().losesAck(address().lid())) {
      send(turn, ack);
    }
  }

  private void receiveReceipt(Turn turn, Node receipt) {
    if (services.faults().losesReceipt(address().lid())) {
      return;
    }
    Jid from = receipt.requireJid("to");
    Relay.receiptIds(receipt)
        .forEach(
            id -> {
              services.outbox().settle(address(), "message", id, Optional.empty(), from);
              if (!receipt.text("type").equals(Optional.of("retry"))) {
                receipted.add(id);
              }
            });
    services.relay().forward(turn, device, receipt);
    send(turn, ack(receipt));
  }

  private Node ack(Node stanza) {
    return Node.of("ack")
        .with("class", stanza.tag())
        .with("id", stanza.requireText("id"))
        .with("from", stanza.requireJid("to"))
        .with("type", stanza.value("type"))
        .with("participant", stanza.value("participant"))
        .with("t", services.clock().instant().getEpochSecond());
  }

  private void receiveAck(Node ack) {
    String stanza = ack.requireText("class");
    String id = ack.requireText("id");
    if (stanza.equals("message") && receipted.contains(id)) {
      services.defects().record(address(), Defect.ANSWERED_TWICE, id);
    }
    Optional<String> type = stanza.equals("message") ? Optional.empty() : ack.text("type");
    services.outbox().settle(address(), stanza, id, type, ack.requireJid("to"));
  }

  private void send(Turn turn, Node node) {
    turn.afterCommit(() -> connection.send(node));
  }

  @Override
  public void refuse(Node node, RuntimeException reason) {
    switch (reason) {
      case IqRefusedException refused ->
          refused.defect().ifPresent(defect -> record(defect, node.tag()));
      case MalformedStanzaException malformed -> {
        log.atDebug().addKeyValue("reason", malformed.getMessage()).log("malformed stanza");
        record(Defect.STANZA_MALFORMED, node.tag());
      }
      default -> log.atError().setCause(reason).log("a stanza could not be handled");
    }
    try {
      answerRefused(node, reason);
    } catch (MalformedStanzaException unanswerable) {
      end(Connection.streamError(Node.of("xml-not-well-formed")));
    }
  }

  /** In a turn of its own: the one that failed leaves no trace. */
  private void record(Defect defect, String about) {
    services
        .turns()
        .submit(turn -> services.defects().record(address(), defect, about), failure -> {});
  }

  private void answerRefused(Node node, RuntimeException reason) {
    if (node.is("iq")) {
      connection.send(
          switch (reason) {
            case IqRefusedException refused -> Iq.error(node, refused.code(), refused.text());
            case MalformedStanzaException malformed -> Iq.error(node, 400, "bad-request");
            default -> Iq.error(node, 500, "internal-server-error");
          });
    } else if (node.is("message")) {
      connection.send(
          Node.of("ack")
              .with("class", "message")
              .with("id", node.requireText("id"))
              .with("from", node.value("to"))
              .with("t", services.clock().instant().getEpochSecond())
              .with("error", MALFORMED));
    } else {
      end(Connection.streamError(Node.of("xml-not-well-formed")));
    }
  }

  @Override
  public void gone() {
    services.sessions().remove(this);
    services.outbox().close(address(), line);
  }

  /** Ends with a last word; what comes from now on waits in the queue. */
  public void end(Node lastWord) {
    gone();
    connection.end(lastWord);
  }
}

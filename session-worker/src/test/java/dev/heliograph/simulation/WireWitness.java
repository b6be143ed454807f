package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.proto.SignalCiphertext;
import dev.heliograph.whatsapp.proto.SignalPreKeyCiphertext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds what owners hand to their sockets to what is in the journal at that moment. */
final class WireWitness {
  private final InstanceId instance;
  private final Witness witness;
  private final Map<String, ByteString> steps = new HashMap<>();

  WireWitness(InstanceId instance, Witness witness) {
    this.instance = instance;
    this.witness = witness;
  }

  /** Somebody is about to send this. */
  void sees(String who, Node node, byte @Nullable [] encoded) {
    switch (node.tag()) {
      case "message" -> {
        check(encoded != null, "a message that was not encoded before it was sent");
        if (encoded != null) {
          witness.sees(who, encoded);
        }
        encs(node);
      }
      case "receipt" -> receipt(who, node);
      case "ack" -> ack(who, node);
      case "iq" -> {
        if (node.hasChild("pair-device-sign")) {
          witness.seesPaired(who);
        }
      }
      default -> {}
    }
  }

  private void encs(Node node) {
    for (Node child : node.children()) {
      if (child.is("enc")) {
        step(child);
      } else {
        encs(child);
      }
    }
  }

  /** A key of a ratchet is used for one ciphertext. */
  private void step(Node enc) {
    try {
      ByteString bytes = enc.requireBytes();
      SignalCiphertext inner =
          SignalCiphertext.parseFrom(
              withoutMac(
                  enc.is("type", "pkmsg")
                      ? SignalPreKeyCiphertext.parseFrom(bytes.substring(1)).getMessage()
                      : bytes));
      String step = inner.getRatchetKey().hashCode() + "/" + inner.getCounter();
      ByteString before = steps.putIfAbsent(step, inner.getCiphertext());
      check(
          before == null || before.equals(inner.getCiphertext()),
          "a step of a ratchet was used twice");
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a ciphertext that is none", e);
    }
  }

  private static ByteString withoutMac(ByteString message) {
    return message.substring(1, message.size() - 8);
  }

  private void receipt(String who, Node receipt) {
    MessageId id = inbound(receipt.requireAttr("id"));
    if (receipt.is("type", "retry")) {
      witness.seesRetry(who, id, (int) receipt.requireChild("retry").requireNumber("count"));
    } else if (!isOfOwnAccount(receipt)) {
      witness.seesAck(who, id);
    }
  }

  /** What our own devices say is no message that came in. */
  private static boolean isOfOwnAccount(Node receipt) {
    return receipt.is("type", "peer_msg") || receipt.is("type", "sender");
  }

  private void ack(String who, Node ack) {
    if (ack.is("class", "receipt") && !ack.is("type", "retry")) {
      MessageStatus told = ack.is("type", "read") ? MessageStatus.READ : MessageStatus.DELIVERED;
      witness.seesReceiptAcked(who, MessageId.outbound(instance, ack.requireAttr("id")), told);
    }
  }

  private MessageId inbound(String id) {
    return MessageId.inbound(instance, SimPeer.LID.text(), SimPeer.LID.text(), id);
  }
}

package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import com.google.protobuf.ByteString;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.MessageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Somebody to write with, behind a server that keeps what was not acknowledged. The cipher is a
 * counter per pairing and direction: enough for what a journal can do wrong with a ratchet.
 */
final class ToyPeer {
  private final InstanceId instance;
  private final Witness witness;
  private final Map<PairingId, Integer> steps = new HashMap<>();
  private final Map<PairingId, List<Stanza>> waiting = new LinkedHashMap<>();
  private final Map<String, ByteString> wire = new HashMap<>();
  private final Map<String, Integer> shown = new LinkedHashMap<>();
  private int written;

  /** A message to the instance: its ratchet step and its number. */
  record Stanza(int step, String id) {}

  ToyPeer(InstanceId instance, Witness witness) {
    this.instance = instance;
    this.witness = witness;
  }

  MessageId id(Stanza stanza) {
    return MessageId.inbound(instance, "peer@lid", "peer@lid", stanza.id());
  }

  /** Sends a message: a new one, or one that is on its way already as a new ciphertext. */
  void write(PairingId to, Chance chance) {
    List<Stanza> queue = waiting.computeIfAbsent(to, none -> new ArrayList<>());
    String id =
        written > 0 && chance.in1000(100) ? "in" + (1 + chance.below(written)) : "in" + ++written;
    queue.add(new Stanza(steps.merge(to, 1, Integer::sum), id));
  }

  /** What a device that logs in gets: everything that it has not acknowledged, in order. */
  List<Stanza> waiting(PairingId pairing) {
    return List.copyOf(waiting.getOrDefault(pairing, List.of()));
  }

  /** A device is told to have this message. */
  void acked(String who, PairingId pairing, Stanza stanza) {
    witness.seesAck(who, id(stanza));
    waiting.getOrDefault(pairing, new ArrayList<>()).remove(stanza);
  }

  /** Gets a stanza of ours. */
  void receive(String who, Outgoing stanza) {
    witness.sees(who, stanza.bytes());
    String step = stanza.pairing() + " " + stanza.step();
    ByteString before = wire.putIfAbsent(step, ByteString.copyFrom(stanza.bytes()));
    check(
        before == null || before.equals(ByteString.copyFrom(stanza.bytes())),
        who + " has used a ratchet step twice: " + step);
    if (before == null) {
      check(shown.merge(stanza.whatsappId(), 1, Integer::sum) == 1, "a message was shown twice");
    }
  }

  boolean hasShown(String whatsappId) {
    return shown.containsKey(whatsappId);
  }

  /** A message from the instance. */
  record Outgoing(String pairing, int step, String whatsappId) {
    byte[] bytes() {
      return (pairing + " " + step + " " + whatsappId)
          .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static Outgoing of(byte[] bytes) {
      List<String> parts =
          List.of(new String(bytes, java.nio.charset.StandardCharsets.UTF_8).split(" ", 3));
      return new Outgoing(parts.get(0), Integer.parseInt(parts.get(1)), parts.get(2));
    }
  }
}

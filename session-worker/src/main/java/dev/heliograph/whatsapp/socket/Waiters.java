package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Who waits for the answer to which iq. */
final class Waiters {
  private final Map<String, Waiter> waiting = new ConcurrentHashMap<>();

  private record Waiter(Jid to, CompletableFuture<Node> answer) {}

  CompletableFuture<Node> add(Node iq) {
    Waiter waiter = new Waiter(iq.requireJid("to"), new CompletableFuture<>());
    if (waiting.putIfAbsent(iq.requireAttr("id"), waiter) != null) {
      throw new IllegalArgumentException("an iq with the id of another one");
    }
    return waiter.answer;
  }

  void remove(Node iq) {
    waiting.remove(iq.requireAttr("id"));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Gives the node to the one who waits for it, if someone does. */
  boolean answer(Node node) {
    if (!isAnswer(node)) return false;
    String id = node.attr("id").orElse("");
    Waiter waiter = waiting.get(id);
    if (waiter == null || !isFrom(node, waiter.to)) return false;
    waiting.remove(id);
    waiter.answer.complete(node);
    return true;
  }

  void failAll(CloseReason reason) {
    waiting
        .values()
        .forEach(
            waiter -> waiter.answer.completeExceptionally(new ConnectionClosedException(reason)));
    waiting.clear();
  }

  static boolean isAnswer(Node node) {
    return node.is("iq") && (node.is("type", "result") || node.is("type", "error"));
  }

  /** The server leaves {@code from} out at times where it speaks for itself. */
  static boolean isFrom(Node node, Jid sender) {
    try {
      return node.jid("from").orElse(Jid.WHATSAPP).equals(sender);
    } catch (ProtocolException notAJid) {
      return false;
    }
  }
}

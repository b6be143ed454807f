package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.Node;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a connection tells. */
class RecordingListener implements Connection.Listener {
  final BlockingQueue<Node> received = new LinkedBlockingQueue<>();
  final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
  final List<String> order = new CopyOnWriteArrayList<>();

  @Override
  public void received(Node node) {
    order.add(node.tag());
    received.add(node);
  }

  @Override
  public void closed(CloseReason reason) {
    order.add(reason.name());
    closed.complete(reason);
  }

  Node await() throws InterruptedException {
    Node node = received.poll(30, TimeUnit.SECONDS);
    if (node == null) throw new AssertionError("nothing came in time");
    return node;
  }

  CloseReason awaitClosed() {
    return closed.orTimeout(30, TimeUnit.SECONDS).join();
  }
}

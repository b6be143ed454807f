package dev.heliograph.whatsapp.socket;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A line to a server that can break. */
final class BreakableLine implements AutoCloseable {
  private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
  private final NetServer server;
  private final NetClient client;

  BreakableLine(Vertx vertx, URI to) {
    client = vertx.createNetClient();
    server =
        vertx
            .createNetServer()
            .connectHandler(
                near -> {
                  near.pause();
                  client
                      .connect(to.getPort(), to.getHost())
                      .onSuccess(
                          far -> {
                            sockets.add(near);
                            sockets.add(far);
                            near.pipeTo(far);
                            far.pipeTo(near);
                            near.resume();
                          });
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.actualPort() + "/ws/chat");
  }

  void tear() {
    sockets.forEach(NetSocket::close);
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
    client.close().toCompletionStage().toCompletableFuture().join();
  }
}

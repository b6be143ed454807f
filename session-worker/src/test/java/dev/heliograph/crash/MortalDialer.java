package dev.heliograph.crash;

import dev.heliograph.simulation.Crashed;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.Dialer;
import java.time.Duration;

/** WhatsApp as somebody reaches it who dies after one of the stanzas. */
record MortalDialer(Dialer to, Life life) implements Dialer {
  @Override
  public Connection dial(KeyPair noiseKey, Payload payload, Connection.Listener listener)
      throws InterruptedException {
    life.check();
    return new MortalConnection(to.dial(noiseKey, payload, listener), life);
  }

  private record MortalConnection(Connection to, Life life) implements Connection {
    private void sent(Runnable send) {
      boolean isLast = life.next();
      send.run();
      if (isLast) {
        throw new Crashed();
      }
    }

    @Override
    public void send(Node node) {
      sent(() -> to.send(node));
    }

    @Override
    public void send(byte[] encodedNode) {
      sent(() -> to.send(encodedNode));
    }

    @Override
    public Node request(Node iq, Duration timeout) throws InterruptedException {
      if (life.next()) {
        to.send(iq);
        throw new Crashed();
      }
      return to.request(iq, timeout);
    }

    @Override
    public String nextId() {
      return to.nextId();
    }

    @Override
    public boolean hasWaiters() {
      return to.hasWaiters();
    }

    @Override
    public void pause() {
      to.pause();
    }

    @Override
    public void resume() {
      to.resume();
    }

    @Override
    public void close() {
      to.close();
    }
  }
}

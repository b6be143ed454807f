package dev.heliograph.local.e2e;

import dev.heliograph.whatsapp.noise.Frames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** Between a gateway and WhatsApp: a line on which things go wrong when a test says so. */
final class BadLine implements AutoCloseable {
  private static final int BINARY_FRAME = 0x82;
  private static final int GARBAGE_BYTES = 100;

  private final InetSocketAddress target;
  private final String path;
  private final ServerSocket server;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile State state = State.FAIR;

  /** What becomes of those who connect. */
  enum State {
    FAIR,
    /** The connection is closed at once. */
    UNREACHABLE,
    /** Who answers has never heard of WebSockets. */
    GARBAGE
  }

  private BadLine(URI webSocket, ServerSocket server) {
    this.target = new InetSocketAddress(webSocket.getHost(), webSocket.getPort());
    this.path = webSocket.getPath();
    this.server = server;
  }

  static BadLine to(URI webSocket) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    BadLine line = new BadLine(webSocket, server);
    line.threads.execute(line::accept);
    return line;
  }

  URI webSocketUri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + path);
  }

  void set(State state) {
    this.state = state;
  }

  /** How many have connected so far. */
  int connections() {
    return clients.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        clients.add(client);
        threads.execute(() -> serve(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket client) {
    try (client) {
      switch (state) {
        case FAIR -> connect(client);
        case UNREACHABLE -> {}
        case GARBAGE -> client.getOutputStream().write(garbage());
      }
    } catch (IOException broken) {
      // As lines do.
    }
  }

  private void connect(Socket client) throws IOException {
    try (Socket whatsApp = new Socket(target.getAddress(), target.getPort())) {
      threads.execute(() -> copy(client, whatsApp));
      copy(whatsApp, client);
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.close();
    } catch (IOException broken) {
      // As lines do.
    }
  }

  /** Has whoever connected last receive a frame that no WhatsApp has sent. */
  void sendGarbage() {
    byte[] message = garbage();
    byte[] frame = Frames.frame(Arrays.copyOf(message, GARBAGE_BYTES - 5));
    message[0] = (byte) BINARY_FRAME;
    message[1] = (byte) frame.length;
    System.arraycopy(frame, 0, message, 2, frame.length);
    try {
      clients.getLast().getOutputStream().write(message);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] garbage() {
    byte[] garbage = new byte[GARBAGE_BYTES];
    RandomGenerator.getDefault().nextBytes(garbage);
    return garbage;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket client : clients) {
      client.close();
    }
    threads.close();
  }
}

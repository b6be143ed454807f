package dev.heliograph.local.e2e;

import dev.heliograph.whatsapp.noise.Frames;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Between a gateway and WhatsApp: a line on which things go wrong when a test says so. */
final class BadLine implements AutoCloseable {
  private static final int BINARY_FRAME = 0x82;
  private static final byte CLOSE_FRAME = (byte) 0x88;
  private static final int GARBAGE_BYTES = 100;
  private static final int BUFFER_BYTES = 8192;

  private final InetSocketAddress target;
  private final String path;
  private final ServerSocket server;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong unheard = new AtomicLong();
  private volatile State state = State.FAIR;

  /** What becomes of those who connect. */
  enum State {
    FAIR,
    /** The connection is closed at once. */
    UNREACHABLE,
    /** Who answers has never heard of WebSockets. */
    GARBAGE,
    /** As {@link #FAIR}, but that WhatsApp hangs up, if it does, is not passed on. */
    HALF_OPEN
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
        case FAIR, HALF_OPEN -> connect(client);
        case UNREACHABLE -> {}
        case GARBAGE -> client.getOutputStream().write(garbage());
      }
    } catch (IOException broken) {
      // As lines do.
    }
  }

  private void connect(Socket client) throws IOException {
    try (Socket whatsApp = new Socket(target.getAddress(), target.getPort())) {
      threads.execute(() -> passOn(whatsApp, client));
      say(client.getInputStream(), whatsApp);
    }
  }

  private void passOn(Socket whatsApp, Socket client) {
    try (whatsApp) {
      whatsApp.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException broken) {
      // As lines do.
    }
    if (state != State.HALF_OPEN) {
      close(client);
    }
  }

  private static void close(Socket client) {
    try {
      client.close();
    } catch (IOException broken) {
      // Then it is closed.
    }
  }

  private void say(InputStream client, Socket whatsApp) throws IOException {
    byte[] bytes = new byte[BUFFER_BYTES];
    for (int size = client.read(bytes); size >= 0; size = client.read(bytes)) {
      if (whatsApp.isClosed()) {
        unheard.addAndGet(bytes[0] == CLOSE_FRAME ? 0 : size);
      } else {
        whatsApp.getOutputStream().write(bytes, 0, size);
      }
    }
  }

  /** How many bytes were said to a WhatsApp that had hung up, but for a good-bye. */
  long unheard() {
    return unheard.get();
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

package dev.heliograph.local.aws;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * DynamoDB Local over HTTP on loopback, with its data in a folder. Its own server is not used,
 * because that one listens on every interface and reports usage to its vendor.
 */
public final class DynamoDbServer implements AutoCloseable {
  // It warns that Base64 could be faster. Held here, because a logger's level is forgotten with it.
  private static final Logger BASE64 = Logger.getLogger("com.amazonaws.util.Base64");

  static {
    BASE64.setLevel(Level.SEVERE);
  }

  private final LocalDynamoDBRequestHandler database;
  private final Server server;
  private final ServerConnector connector;

  private DynamoDbServer(LocalDynamoDBRequestHandler database, int port) {
    this.database = database;
    server = new Server();
    connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(new LocalDynamoDBServerHandler(database, null));
  }

  /**
   * Opens the database in this folder, making it where there is none.
   *
   * @param port 0 for any that is free
   */
  public static DynamoDbServer start(Path folder, int port) throws Exception {
    Files.createDirectories(folder);
    boolean inMemory = false;
    // One database whatever the client's credentials and region.
    boolean shared = true;
    boolean delayTransientStatuses = false;
    var database =
        new LocalDynamoDBRequestHandler(
            0, inMemory, folder.toString(), shared, delayTransientStatuses);
    var started = new DynamoDbServer(database, port);
    try {
      started.server.start();
    } catch (IOException portIsTaken) {
      database.shutdown();
      throw portIsTaken;
    }
    return started;
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      throw new IllegalStateException("DynamoDB's HTTP server did not stop", failure);
    } finally {
      database.shutdown();
    }
  }
}

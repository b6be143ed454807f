package dev.heliograph.fleet;

import dev.heliograph.config.ConfigurationException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** The worker as a process of its own. */
public final class WorkerMain {
  private static final int CONFIGURATION = 78; // EX_CONFIG of sysexits.h
  private static final int DEAD = 70; // EX_SOFTWARE

  private WorkerMain() {}

  /**
   * Runs until SIGTERM, which it answers by giving its shards up; or until others say it is dead.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    WorkerSettings settings;
    try {
      settings = WorkerSettings.from(System.getenv());
    } catch (ConfigurationException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(CONFIGURATION);
      return;
    }
    Worker worker = Worker.start(settings, () -> Runtime.getRuntime().halt(DEAD));
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
    new CountDownLatch(1).await();
  }
}

package dev.heliograph.fleet;

import dev.heliograph.config.ConfigurationException;
import dev.heliograph.health.CannotListenException;
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
    // Before the first logger is made. In another process's class path there may be another one.
    System.getProperties()
        .putIfAbsent("logback.configurationFile", "dev/heliograph/log/worker.xml");
    Worker worker;
    try {
      WorkerSettings settings = WorkerSettings.from(System.getenv());
      worker = Worker.start(settings, () -> Runtime.getRuntime().halt(DEAD));
    } catch (ConfigurationException | CannotListenException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(CONFIGURATION);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
    new CountDownLatch(1).await();
  }
}

package dev.heliograph.bench.chaos;

import dev.heliograph.bench.deployment.Connections;
import dev.heliograph.bench.deployment.Deployment;
import dev.heliograph.bench.deployment.LinkedNumber;
import dev.heliograph.sandbox.baileys.BaileysClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Numbers and phones write to each other while things go wrong; then it is counted. */
public final class ChaosRun {
  private static final Logger logger = LoggerFactory.getLogger(ChaosRun.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /**
   * Longer than a webhook waits whose attempt ended without a word: a minute for its claim, five
   * for its ring, one for the janitor.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private final ChaosOptions options;
  private final Inbox inbox = new Inbox();
  private final Ledger ledger = new Ledger();
  private final FaultLog faultLog = new FaultLog();
  private final Map<String, BaileysClient> baileys = new HashMap<>();

  private ChaosRun(ChaosOptions options) {
    this.options = options;
  }

  /** Runs, drains and counts. */
  public static ChaosResult run(ChaosOptions options) throws IOException, InterruptedException {
    return new ChaosRun(options).run();
  }

  private ChaosResult run() throws IOException, InterruptedException {
    try (Deployment deployment =
        Deployment.start(options.folder(), options.workers(), inbox::add)) {
      deployment.subscribe();
      List<LinkedNumber> numbers = deployment.pair(options.sessions());
      List<String> friends = createFriends(deployment);
      linkBaileys(deployment, friends);
      awaitConnectedEvents();
      deployment
          .phones()
          .planFaults(
              new JsonObject().put("dedup", options.dedup()).put("ack_loss", options.ackLoss()));
      logger.atInfo().addKeyValue("numbers", numbers.size()).log("paired");
      try (Connections connections = Connections.of(deployment.phones(), numbers)) {
        strain(deployment, numbers, friends, connections);
        Audit audit = drain(deployment, numbers, friends, connections);
        return result(deployment, connections, audit);
      }
    } finally {
      baileys.values().forEach(BaileysClient::close);
    }
  }

  private List<String> createFriends(Deployment deployment) {
    return IntStream.rangeClosed(1, options.friends())
        .mapToObj(number -> deployment.phones().createPhone("Friend " + number))
        .toList();
  }

  /** As readers: what they write themselves is not what is asked here. */
  private void linkBaileys(Deployment deployment, List<String> friends) {
    for (String friend : friends.subList(0, options.baileys())) {
      Path auth = options.folder().resolve("baileys").resolve(friend);
      BaileysClient client =
          BaileysClient.start(deployment.webSocket(), deployment.rootKey(), auth);
      baileys.put(friend, client);
      deployment.phones().scan(friend, client.awaitQr());
      client.awaitOpen();
    }
  }

  /** What pairing has to say is said before anything goes wrong. */
  private void awaitConnectedEvents() throws InterruptedException {
    while (inbox.events().stream()
            .filter(event -> event.type().equals("instance.connected"))
            .count()
        < options.sessions()) {
      Thread.sleep(100);
    }
  }

  private void strain(
      Deployment deployment,
      List<LinkedNumber> numbers,
      List<String> friends,
      Connections connections)
      throws InterruptedException {
    FaultPlan plan = new FaultPlan(options.seed(), options.shortestPause(), options.longestPause());
    try (Traffic _ =
        Traffic.start(
            deployment.customer(), numbers, friends, ledger, options.rate(), options.seed())) {
      new Faults(deployment, numbers, connections, plan, faultLog).run(options.lasting());
    }
  }

  /** Until everything is where it belongs, or nothing more comes. */
  private Audit drain(
      Deployment deployment,
      List<LinkedNumber> numbers,
      List<String> friends,
      Connections connections)
      throws InterruptedException {
    long lastChange = System.nanoTime();
    long outstanding = -1;
    long requests = -1;
    while (true) {
      Audit audit =
          new Audit(
              ledger,
              inbox,
              Phones.look(deployment.phones(), numbers, friends, baileys),
              faultLog,
              options.dedup());
      long now = audit.outstanding() + connections.offline().size();
      boolean isQuiet = inbox.requests() == requests && now == outstanding;
      if (!isQuiet) lastChange = System.nanoTime();
      if (now != outstanding) {
        logger.atInfo().addKeyValue("outstanding", now).log("draining");
      }
      requests = inbox.requests();
      outstanding = now;
      if (isQuiet && outstanding == 0) return audit;
      if (System.nanoTime() - lastChange > PATIENCE.toNanos()) return audit;
      Thread.sleep(LOOK);
    }
  }

  private ChaosResult result(Deployment deployment, Connections connections, Audit audit) {
    List<Figure> figures = new ArrayList<>(audit.figures());
    figures.add(Figure.zero("webhooks without a good signature", deployment.unverified()));
    figures.add(Figure.zero("numbers offline at the end", connections.offline().size()));
    figures.add(Figure.of("webhook requests", inbox.requests()));
    figures.add(Figure.of("faults", faultLog.done().size()));
    List<String> exits =
        deployment.workers().stream()
            .map(slot -> "worker %d: exits %s".formatted(slot.number(), slot.exitCodes()))
            .toList();
    return new ChaosResult(options, figures, happened(connections), exits, audit.findings());
  }

  private List<ChaosResult.Happened> happened(Connections connections) {
    Takeovers takeovers = new Takeovers(faultLog, connections.gaps());
    return faultLog.done().stream()
        .map(
            done ->
                new ChaosResult.Happened(
                    done.at(), done.fault(), takeovers.of(done), takeovers.undisturbedOf(done)))
        .toList();
  }
}

package dev.heliograph.sandbox.fault;

import dev.heliograph.sandbox.wire.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What was asked to go wrong, for one account or for all. Lives in memory: a restart ends every
 * fault. Belongs to the thread of the turns.
 */
public final class Faults {
  private final RandomGenerator random;
  private final Map<String, Plan> ofAccounts = new HashMap<>();
  private Plan ofAll = Plan.NONE;

  public Faults(RandomGenerator random) {
    this.random = random;
  }

  /**
   * What is to go wrong.
   *
   * @param dedup whether a message that comes again under its id is dropped
   * @param acksToLose how many of the next message acks the server keeps to itself
   * @param ackLoss the probability that any other one is kept
   * @param receiptsToLose how many of the next receipts are taken for lost: neither forwarded nor
   *     settling
   * @param refusal what the next logins get instead of success
   */
  public record Plan(
      boolean dedup,
      int acksToLose,
      double ackLoss,
      int receiptsToLose,
      Optional<Refusal> refusal) {
    public static final Plan NONE = new Plan(true, 0, 0, 0, Optional.empty());

    Plan withAcksToLose(int acks) {
      return new Plan(dedup, acks, ackLoss, receiptsToLose, refusal);
    }

    Plan withReceiptsToLose(int receipts) {
      return new Plan(dedup, acksToLose, ackLoss, receipts, refusal);
    }

    Plan withRefusal(Optional<Refusal> other) {
      return new Plan(dedup, acksToLose, ackLoss, receiptsToLose, other);
    }
  }

  /**
   * The {@code <failure>} that logins get.
   *
   * @param reason WhatsApp's failure reason, such as 402
   * @param code why one is banned
   * @param expire how long, in seconds
   * @param times how many logins are refused
   */
  public record Refusal(int reason, Optional<Integer> code, Optional<Integer> expire, int times) {
    Node failure() {
      Node failure = Node.of("failure").with("reason", reason).with("location", "snb");
      if (code.isPresent()) {
        failure = failure.with("code", code.get());
      }
      return expire.isPresent() ? failure.with("expire", expire.get()) : failure;
    }
  }

  public Plan ofAll() {
    return ofAll;
  }

  public void planForAll(Plan plan) {
    ofAll = plan;
  }

  public Plan of(String lid) {
    return ofAccounts.getOrDefault(lid, Plan.NONE);
  }

  public void plan(String lid, Plan plan) {
    ofAccounts.put(lid, plan);
  }

  public boolean dedups(String lid) {
    return of(lid).dedup() && ofAll.dedup();
  }

  /** Whether the ack that is due now gets lost. */
  public boolean losesAck(String lid) {
    if (of(lid).acksToLose() > 0) {
      plan(lid, of(lid).withAcksToLose(of(lid).acksToLose() - 1));
      return true;
    }
    if (ofAll.acksToLose() > 0) {
      ofAll = ofAll.withAcksToLose(ofAll.acksToLose() - 1);
      return true;
    }
    return random.nextDouble() < Math.max(of(lid).ackLoss(), ofAll.ackLoss());
  }

  public boolean losesReceipt(String lid) {
    if (of(lid).receiptsToLose() > 0) {
      plan(lid, of(lid).withReceiptsToLose(of(lid).receiptsToLose() - 1));
      return true;
    }
    if (ofAll.receiptsToLose() > 0) {
      ofAll = ofAll.withReceiptsToLose(ofAll.receiptsToLose() - 1);
      return true;
    }
    return false;
  }

  /** The {@code <failure>} that this login gets, if any. */
  public Optional<Node> refuseLogin(String lid) {
    Optional<Refusal> own = of(lid).refusal();
    if (own.isPresent()) {
      plan(lid, of(lid).withRefusal(oneLess(own.get())));
      return own.map(Refusal::failure);
    }
    Optional<Refusal> general = ofAll.refusal();
    general.ifPresent(refusal -> ofAll = ofAll.withRefusal(oneLess(refusal)));
    return general.map(Refusal::failure);
  }

  private static Optional<Refusal> oneLess(Refusal refusal) {
    return refusal.times() <= 1
        ? Optional.empty()
        : Optional.of(
            new Refusal(refusal.reason(), refusal.code(), refusal.expire(), refusal.times() - 1));
  }
}

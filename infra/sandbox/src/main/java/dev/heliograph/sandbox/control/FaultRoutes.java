package dev.heliograph.sandbox.control;

import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.fault.Faults;
import dev.heliograph.sandbox.fault.Faults.Plan;
import dev.heliograph.sandbox.fault.Faults.Refusal;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What is to go wrong. A plan is put as a whole: what it does not name goes well. */
public final class FaultRoutes implements Route.Group {
  private static final Set<String> FIELDS =
      Set.of("dedup", "acks_to_lose", "ack_loss", "receipts_to_lose", "refuse_login");

  private static final Set<String> FIELDS_OF_REFUSAL = Set.of("reason", "code", "expire", "times");

  private final Accounts accounts;
  private final Faults faults;

  public FaultRoutes(Accounts accounts, Faults faults) {
    this.accounts = accounts;
    this.faults = faults;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/faults", request -> Reply.ok(json(faults.ofAll())).now()),
        new Route("PUT", "/faults", FIELDS, this::planForAll),
        new Route(
            "GET",
            "/phones/{msisdn}/faults",
            request -> Reply.ok(json(faults.of(lid(request)))).now()),
        new Route("PUT", "/phones/{msisdn}/faults", FIELDS, this::plan));
  }

  private CompletableFuture<Reply> planForAll(Request request) {
    Plan plan = read(request);
    request.turn().afterCommit(() -> faults.planForAll(plan));
    return Reply.ok(json(plan)).now();
  }

  private CompletableFuture<Reply> plan(Request request) {
    Plan plan = read(request);
    String lid = lid(request);
    request.turn().afterCommit(() -> faults.plan(lid, plan));
    return Reply.ok(json(plan)).now();
  }

  private String lid(Request request) {
    return PhoneRoutes.account(accounts, request).lid();
  }

  private static Plan read(Request request) {
    return new Plan(
        request.flag("dedup").orElse(true),
        request.count("acks_to_lose").orElse(0),
        request.probability("ack_loss").orElse(0.0),
        request.count("receipts_to_lose").orElse(0),
        request.object("refuse_login", FIELDS_OF_REFUSAL).map(FaultRoutes::readRefusal));
  }

  private static Refusal readRefusal(Request refusal) {
    return new Refusal(
        refusal
            .count("reason")
            .orElseThrow(
                () ->
                    new RefusedCallException(
                        400, "field_missing", "\"refuse_login\" has no \"reason\"")),
        refusal.count("code"),
        refusal.count("expire"),
        refusal.count("times").orElse(1));
  }

  private static JsonObject json(Plan plan) {
    return new JsonObject()
        .put("dedup", plan.dedup())
        .put("acks_to_lose", plan.acksToLose())
        .put("ack_loss", plan.ackLoss())
        .put("receipts_to_lose", plan.receiptsToLose())
        .put("refuse_login", plan.refusal().map(FaultRoutes::json).orElse(null));
  }

  private static JsonObject json(Refusal refusal) {
    JsonObject json = new JsonObject().put("reason", refusal.reason());
    Optional<Integer> code = refusal.code();
    code.ifPresent(given -> json.put("code", given));
    refusal.expire().ifPresent(given -> json.put("expire", given));
    return json.put("times", refusal.times());
  }
}

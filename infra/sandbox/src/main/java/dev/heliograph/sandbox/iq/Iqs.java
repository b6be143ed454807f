package dev.heliograph.sandbox.iq;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.fault.Defect;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.relay.Relay;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Iq;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.Node;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every question: an unanswered one would hold its client up for a minute. */
public final class Iqs {
  private static final Logger log = LoggerFactory.getLogger(Iqs.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Accounts accounts;
  private final PreKeyIqs preKeys;
  private final UsyncIqs usync;
  private final Relay relay;
  private final Defects defects;
  private final InstantSource clock;

  public Iqs(
      Accounts accounts,
      PreKeyIqs preKeys,
      UsyncIqs usync,
      Relay relay,
      Defects defects,
      InstantSource clock) {
    this.accounts = accounts;
    this.preKeys = preKeys;
    this.usync = usync;
    this.relay = relay;
    this.defects = defects;
    this.clock = clock;
  }

  /**
   * Answers a question.
   *
   * @throws IqRefusedException for an answer of type error
   */
  public Node answer(Turn turn, Device caller, Node iq) {
    return switch (iq.text("xmlns").orElse("")) {
      case "encrypt" -> preKeys.answer(turn, caller, iq);
      case "usync" -> usync.answer(iq);
      case "w:p", "urn:xmpp:ping" -> Iq.result(iq).with("t", now());
      case "w:g2" -> group(iq);
      case "w:m" -> mediaConnection(iq);
      case "abt" ->
          Iq.result(
              iq, Node.of("props").with("protocol", "1").with("hash", "x").with("refresh", 86_400));
      case "blocklist" -> Iq.result(iq, Node.of("list").with("dhash", "x"));
      case "privacy" -> privacy(turn, caller, iq);
      case "w:sync:app:state" -> appState(iq);
      case "w:profile:picture" -> throw new IqRefusedException(404, "item-not-found");
      case "w:mex" ->
          Iq.result(iq, Node.of("result", "{\"data\":{}}".getBytes(StandardCharsets.UTF_8)));
      case "passive",
          "status",
          "disappearing_mode",
          "w:biz",
          "newsletter",
          "bot",
          "w:stats",
          "w:qr",
          "urn:xmpp:whatsapp:dirty",
          "urn:xmpp:whatsapp:push",
          "urn:xmpp:whatsapp:account" ->
          Iq.result(iq);
      default -> unknown(caller, iq);
    };
  }

  private Node unknown(Device caller, Node iq) {
    String xmlns = iq.text("xmlns").orElse("none");
    log.atInfo().addKeyValue("xmlns", xmlns).log("an iq that is not known here");
    defects.record(caller.address(), Defect.IQ_UNKNOWN, xmlns);
    return Iq.error(iq, 501, "feature-not-implemented");
  }

  /** Whether this is a device of the caller's account. */
  public boolean isOwn(Device caller, Jid jid) {
    return accounts
        .find(jid)
        .filter(account -> account.lid().equals(caller.address().lid()))
        .isPresent();
  }

  /** Nobody is in any group. */
  private static Node group(Node iq) {
    if (iq.child("participating").isPresent()) {
      return Iq.result(iq, Node.of("groups"));
    }
    throw new IqRefusedException(404, "item-not-found");
  }

  /**
   * A host that refuses connections: media are not kept here, and nothing may go to WhatsApp's own
   * hosts.
   */
  private static Node mediaConnection(Node iq) {
    Node host =
        Node.of("host", Node.of("upload"), Node.of("download")).with("hostname", "127.0.0.1:9");
    return Iq.result(
        iq,
        Node.of("media_conn", host)
            .with("auth", "sandbox")
            .with("ttl", 300)
            .with("auth_ttl", 21_600)
            .with("max_buckets", 12));
  }

  private Node privacy(Turn turn, Device caller, Node iq) {
    Optional<Node> tokens = iq.child("tokens");
    if (tokens.isPresent()) {
      tokens.get().children("token").forEach(token -> giveToken(turn, caller, token));
      return Iq.result(iq);
    }
    return Iq.result(
        iq,
        Node.of(
            "privacy",
            List.of("readreceipts", "last", "profile", "status", "online", "groupadd", "calladd")
                .stream()
                .map(name -> Node.of("category").with("name", name).with("value", "all"))
                .toList()));
  }

  private void giveToken(Turn turn, Device caller, Node token) {
    Account from = accounts.get(caller.address().lid());
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    accounts
        .find(token.requireJid("jid"))
        .filter(to -> !to.equals(from))
        .ifPresent(to -> relay.giveToken(turn, from, to, random));
  }

  private static Node appState(Node iq) {
    List<Node> collections =
        iq.requireChild("sync").children("collection").stream()
            .map(
                collection ->
                    Node.of("collection")
                        .with("name", collection.requireText("name"))
                        .with("version", "0")
                        .with("type", "result"))
            .toList();
    return Iq.result(iq, Node.of("sync", collections));
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }
}

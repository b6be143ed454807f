package dev.heliograph.sandbox.iq;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.phone.Adv;
import dev.heliograph.sandbox.phone.PhoneKeys;
import dev.heliograph.sandbox.relay.ParticipantsHash;
import dev.heliograph.sandbox.wire.Iq;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.Node;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who has WhatsApp, under which LID, on which devices: {@code xmlns="usync"}. */
public final class UsyncIqs {
  private final Accounts accounts;
  private final Devices devices;
  private final PhoneKeys phoneKeys;
  private final InstantSource clock;
  private final Map<String, KeyIndexList> keyIndexLists = new HashMap<>();

  public UsyncIqs(Accounts accounts, Devices devices, PhoneKeys phoneKeys, InstantSource clock) {
    this.accounts = accounts;
    this.devices = devices;
    this.phoneKeys = phoneKeys;
    this.clock = clock;
  }

  /**
   * A signature costs more than the rest of an answer, so it is made once for each set of devices.
   */
  private record KeyIndexList(List<Integer> indexes, Node node) {}

  Node answer(Node iq) {
    Node usync = iq.requireChild("usync");
    Node query = usync.requireChild("query");
    List<Node> users = new ArrayList<>();
    for (Node user : usync.requireChild("list").children("user")) {
      users.add(user(query, user));
    }
    Node answer = Node.of("usync");
    for (String echoed : List.of("sid", "mode", "context", "index", "last")) {
      answer = answer.with(echoed, usync.value(echoed));
    }
    return Iq.result(iq, answer.with(Node.of("result")).with(Node.of("list", users)));
  }

  private Node user(Node query, Node user) {
    Optional<Jid> jid = user.jid("jid");
    Optional<String> contact = user.child("contact").map(Node::contentText);
    Optional<Account> account =
        jid.isPresent()
            ? accounts.find(jid.get().bare())
            : contact.flatMap(text -> accounts.findByMsisdn(digits(text)));
    Node answer = named(query, jid, contact, account);
    for (Node protocol : query.children()) {
      switch (protocol.tag()) {
        case "contact" -> answer = answer.with(contact(contact, account));
        case "devices" -> answer = answer.with(account.map(this::devices).stream().toList());
        case "lid" -> answer = answer.with(lid(jid, account).stream().toList());
        case "status", "disappearing_mode" -> answer = answer.with(Node.of(protocol.tag()));
        // Pictures, business profiles, user names and bots: nobody has any, so there is nothing to
        // say.
        default -> {}
      }
    }
    return answer;
  }

  /**
   * Under the JID that was asked for; who asks by number is told the one that the number stands
   * for.
   */
  private static Node named(
      Node query, Optional<Jid> jid, Optional<String> contact, Optional<Account> account) {
    Node user = Node.of("user");
    boolean wantsLid =
        query
            .child("contact")
            .flatMap(asked -> asked.text("addressing_mode"))
            .equals(Optional.of("lid"));
    if (wantsLid && account.isPresent()) {
      return user.with("jid", account.get().lidJid()).with("pn_jid", account.get().pn());
    }
    return user.with(
        "jid",
        jid.or(() -> account.map(Account::pn)).or(() -> contact.map(text -> Jid.pn(digits(text)))));
  }

  private static String digits(String contact) {
    int at = contact.indexOf('@');
    return (at < 0 ? contact : contact.substring(0, at)).replaceAll("\\D", "");
  }

  private static Node contact(Optional<String> asked, Optional<Account> account) {
    byte[] content = asked.orElse("").getBytes(StandardCharsets.UTF_8);
    return Node.of("contact", content).with("type", account.isPresent() ? "in" : "out");
  }

  private static Optional<Node> lid(Optional<Jid> jid, Optional<Account> account) {
    boolean isKnown = jid.isPresent() && jid.get().isLid();
    return isKnown
        ? Optional.empty()
        : account.map(found -> Node.of("lid").with("val", found.lidJid()));
  }

  private Node devices(Account account) {
    List<Device> all = devices.of(account.lid());
    List<Node> nodes =
        all.stream()
            .map(
                device -> {
                  Node node = Node.of("device").with("id", device.address().device());
                  return device.address().isPhone()
                      ? node
                      : node.with("key-index", device.keyIndex());
                })
            .toList();
    return Node.of(
        "devices",
        Node.of("device-list", nodes)
            .with(
                "hash",
                ParticipantsHash.of(all.stream().map(device -> device.address().jid()).toList())),
        keyIndexList(account, all));
  }

  private Node keyIndexList(Account account, List<Device> all) {
    List<Integer> indexes = all.stream().map(Device::keyIndex).toList();
    KeyIndexList known = keyIndexLists.get(account.lid());
    if (known == null || !known.indexes().equals(indexes)) {
      known =
          new KeyIndexList(
              indexes,
              Node.of(
                      "key-index-list",
                      Adv.keyIndexList(phoneKeys.get(account.lid()), indexes, clock.instant()))
                  .with("ts", clock.instant().getEpochSecond()));
      keyIndexLists.put(account.lid(), known);
    }
    return known.node();
  }
}

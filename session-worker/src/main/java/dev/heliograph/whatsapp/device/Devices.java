package dev.heliograph.whatsapp.device;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks which devices users have, which LID belongs to a number, and whether a number is on WhatsApp
 * at all (a "usync").
 */
public final class Devices {
  private Devices() {}

  /**
   * One question for all of these users. Numbers are checked for being on WhatsApp if there are no
   * LIDs among them.
   *
   * @param users numbers or LIDs, without devices
   */
  public static Node query(String id, List<Jid> users) {
    boolean onlyNumbers = users.stream().allMatch(Jid::isPn);
    List<Node> protocols = new ArrayList<>();
    if (onlyNumbers) protocols.add(Node.of("contact"));
    protocols.add(Node.of("devices").with("version", "2"));
    protocols.add(Node.of("lid"));
    return Node.of("iq")
        .with("id", id)
        .with("to", Jid.WHATSAPP)
        .with("type", "get")
        .with("xmlns", "usync")
        .with(
            Node.of("usync")
                .with("sid", id)
                .with("mode", "query")
                .with("last", "true")
                .with("index", "0")
                .with("context", onlyNumbers ? "interactive" : "message")
                .with(
                    Node.of("query").with(protocols),
                    Node.of("list").with(users.stream().map(Devices::user).toList())));
  }

  /**
   * What the answer says of the users, in the order of the question. Whom it leaves out, or of whom
   * it says less than was asked, is left out: that says nothing of him.
   */
  public static List<UserDevices> parse(Node answer, List<Jid> users) {
    List<Node> list = answer.requireChild("usync").requireChild("list").children("user");
    boolean alone = users.size() == 1 && list.size() == 1;
    return users.stream()
        .flatMap(
            asked ->
                list.stream()
                    .filter(user -> alone || isAbout(user, asked))
                    .findFirst()
                    .flatMap(user -> parse(user, asked))
                    .stream())
        .toList();
  }

  private static Node user(Jid jid) {
    Node user = Node.of("user").with("jid", jid.bare());
    return jid.isPn() ? user.with(Node.of("contact").withText("+" + jid.user())) : user;
  }

  /**
   * The server may answer under another number than the asked one, and then repeats that one in the
   * contact.
   */
  private static boolean isAbout(Node user, Jid asked) {
    return user.jid("jid").filter(asked::isSameUser).isPresent()
        || user.jid("pn_jid").filter(asked::isSameUser).isPresent()
        || user.child("contact")
            .flatMap(Node::bytes)
            .filter(text -> text.toStringUtf8().equals("+" + asked.user()))
            .isPresent();
  }

  private static Optional<UserDevices> parse(Node user, Jid asked) {
    Optional<Node> contact = user.child("contact");
    if (contact.filter(out -> out.is("type", "out")).isPresent()) {
      return isAbout(user, asked) ? Optional.of(UserDevices.unregistered(asked)) : Optional.empty();
    }
    Optional<Node> list = user.child("devices").flatMap(node -> node.child("device-list"));
    boolean isIn = contact.isEmpty() || contact.get().is("type", "in");
    return isIn ? list.map(devices -> parse(user, asked, devices)) : Optional.empty();
  }

  private static UserDevices parse(Node user, Jid asked, Node list) {
    Jid jid = user.requireJid("jid").bare();
    Optional<Jid> pn = jid.isPn() ? Optional.of(jid) : user.jid("pn_jid").filter(Jid::isPn);
    Optional<Jid> lid =
        jid.isLid()
            ? Optional.of(jid)
            : user.child("lid").flatMap(node -> node.jid("val")).filter(Jid::isLid).map(Jid::bare);
    return new UserDevices(asked, true, pn, lid, devices(list, lid.orElse(jid)));
  }

  private static List<Jid> devices(Node list, Jid address) {
    return list.children("device").stream()
        // A companion without a key index is one that its account has not signed.
        .filter(device -> device.is("id", "0") || device.has("key-index"))
        .filter(device -> isNumber(device.requireNumber("id")))
        .map(device -> device(device, address))
        .distinct()
        .toList();
  }

  /** Nothing could be sent to any other: the user's other devices get it. */
  private static boolean isNumber(long id) {
    return id >= 0 && id <= 0xFF;
  }

  private static Jid device(Node device, Jid address) {
    Jid jid = address.withDevice((int) device.requireNumber("id"));
    if (!device.is("is_hosted", "true")) return jid;
    return jid.withServer(jid.isLid() ? Server.HOSTED_LID : Server.HOSTED);
  }
}

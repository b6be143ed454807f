package dev.heliograph.whatsapp.device;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds which number belongs to which LID in whatever the server sends: nobody can be asked for the
 * number of a LID, so it has to be learnt where it is told.
 */
public final class Lids {
  private Lids() {}

  /**
   * The mappings that a stanza tells, the last word on a user last. What is no address tells
   * nothing.
   */
  public static List<LidMapping> in(Node stanza) {
    List<LidMapping> found = new ArrayList<>();
    add(found, jid(stanza, "from"), either(stanza, "sender_pn", "sender_lid"));
    add(found, jid(stanza, "participant"), either(stanza, "participant_pn", "participant_lid"));
    add(found, jid(stanza, "recipient"), either(stanza, "recipient_pn", "recipient_lid"));
    add(found, jid(stanza, "recipient"), either(stanza, "peer_recipient_pn", "peer_recipient_lid"));
    if (stanza.is("notification")) {
      add(found, jid(stanza, "from"), jid(stanza, "lid"));
      add(found, jid(stanza, "from"), jid(stanza, "sender_lid"));
      stanza.children().forEach(change -> addListed(found, change));
    }
    return found;
  }

  /** The mappings of devices and participants that are listed with both addresses. */
  private static void addListed(List<LidMapping> found, Node list) {
    for (Node listed : list.children()) {
      if (!listed.is("device") && !listed.is("participant")) continue;
      add(found, jid(listed, "jid"), jid(listed, "lid"));
      add(found, jid(listed, "jid"), jid(listed, "phone_number"));
    }
  }

  private static Optional<Jid> jid(Node node, String attribute) {
    return node.attr(attribute).flatMap(Jid::find);
  }

  private static Optional<Jid> either(Node node, String first, String second) {
    return jid(node, first).or(() -> jid(node, second));
  }

  private static void add(List<LidMapping> found, Optional<Jid> one, Optional<Jid> other) {
    if (one.isEmpty() || other.isEmpty()) return;
    find(one.get().unhosted(), other.get().unhosted()).ifPresent(found::add);
  }

  /** The mapping of two addresses, if one is a number and the other one a LID. */
  static Optional<LidMapping> find(Jid one, Jid other) {
    if (one.isPn() && other.isLid()) return Optional.of(new LidMapping(one, other));
    if (one.isLid() && other.isPn()) return Optional.of(new LidMapping(other, one));
    return Optional.empty();
  }
}

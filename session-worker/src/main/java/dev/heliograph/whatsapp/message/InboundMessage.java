package dev.heliograph.whatsapp.message;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.stream.Acks;
import dev.heliograph.whatsapp.stream.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A {@code message} stanza, still encrypted.
 *
 * @param stanza as it came
 * @param chat the user, group, … that the message belongs to, without a device. Of a message from
 *     another device of our own account it is the one that it was sent to; {@link
 *     MessageContent.DeviceSent} has the last word on that
 * @param chatOther the chat's other address (its number if {@code chat} is a LID and the other way
 *     round)
 * @param sender the device that sent it, in the addressing of the stanza
 * @param senderOther the sender's other address, if the server tells it
 * @param fromOwnAccount whether another device of our own account sent it
 * @param peer whether our own phone talks to us, and not to a chat
 * @param pushName the name that the sender gave himself, or the beginning of it
 * @param offline whether it waited for us
 * @param unavailable why there is nothing in it that this device may read, such as {@code
 *     view_once}
 */
public record InboundMessage(
    Node stanza,
    String id,
    Jid chat,
    Optional<Jid> chatOther,
    Jid sender,
    Optional<Jid> senderOther,
    Instant time,
    boolean fromOwnAccount,
    boolean peer,
    Optional<String> pushName,
    boolean offline,
    List<Enc> encs,
    Optional<String> unavailable) {
  /** The apps allow 25. */
  private static final int LONGEST_NAME = 100;

  public InboundMessage {
    encs = List.copyOf(encs);
  }

  /**
   * Reads a {@code message} stanza.
   *
   * @throws ProtocolException if it cannot be one
   */
  public static InboundMessage parse(Node stanza, Account own) {
    if (!Acks.isDue(stanza)) throw new ProtocolException("a stanza that cannot be acknowledged");
    Source source = Source.of(stanza, own);
    return new InboundMessage(
        stanza,
        stanza.requireAttr("id"),
        source.chat,
        source.chatOther,
        source.sender,
        source.senderOther,
        Times.seconds(stanza, "t"),
        source.own,
        stanza.is("category", "peer"),
        stanza
            .attr("notify")
            .filter(name -> !name.equals("-") && !name.isBlank())
            .map(InboundMessage::cut),
        stanza.has("offline"),
        stanza.children("enc").stream().map(Enc::parse).toList(),
        stanza.child("unavailable").map(node -> node.attr("type").orElse("unknown")));
  }

  /**
   * Who sent a stanza that makes no sense, and where to: what it says beside is left out.
   *
   * @param now when it came, for one that does not tell the time
   * @throws ProtocolException if not even that can be told
   */
  public static InboundMessage outside(Node stanza, Account own, Instant now) {
    return parse(
        Node.of("message")
            .with("id", stanza.value("id"))
            .with("from", stanza.value("from"))
            .with("participant", stanza.value("participant"))
            .with("recipient", stanza.value("recipient"))
            .with("t", now.getEpochSecond()),
        own);
  }

  public boolean isGroup() {
    return chat.isGroup();
  }

  /** The sender's device under its LID if that is known: the address of its Signal session. */
  public Jid signalSender() {
    if (sender.isLid()) return sender;
    return senderLid().map(lid -> lid.withDevice(sender.device())).orElse(sender);
  }

  public Optional<Jid> senderLid() {
    return lidOf(sender, senderOther);
  }

  public Optional<Jid> senderPn() {
    return pnOf(sender, senderOther);
  }

  public Optional<Jid> chatLid() {
    return lidOf(chat, chatOther);
  }

  public Optional<Jid> chatPn() {
    return pnOf(chat, chatOther);
  }

  private static Optional<Jid> lidOf(Jid jid, Optional<Jid> other) {
    return jid.isLid() ? Optional.of(jid.bare()) : other.filter(Jid::isLid);
  }

  private static Optional<Jid> pnOf(Jid jid, Optional<Jid> other) {
    return jid.isPn() ? Optional.of(jid.bare()) : other.filter(Jid::isPn);
  }

  @Override
  public String toString() {
    return "InboundMessage[encs=" + encs.size() + ", peer=" + peer + ", offline=" + offline + "]";
  }

  /** As much of a name as anybody would show. */
  private static String cut(String name) {
    int characters = name.codePointCount(0, name.length());
    return characters <= LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME));
  }

  /** Who sent it and where to. */
  private record Source(
      Jid chat, Optional<Jid> chatOther, Jid sender, Optional<Jid> senderOther, boolean own) {
    static Source of(Node stanza, Account own) {
      Jid from = stanza.requireJid("from").unhosted();
      return switch (from.server()) {
        case PN, LID -> own.owns(from) ? fromOwnDevice(stanza, from) : fromPeer(stanza, from);
        case GROUP, BROADCAST -> fromGroup(stanza, from, own);
        default -> new Source(from.bare(), Optional.empty(), from, Optional.empty(), false);
      };
    }

    private static Source fromPeer(Node stanza, Jid from) {
      Optional<Jid> other = other(stanza, from, "sender_pn", "sender_lid");
      return new Source(from.bare(), other, from, other, false);
    }

    private static Source fromOwnDevice(Node stanza, Jid from) {
      Optional<Jid> senderOther = other(stanza, from, "sender_pn", "sender_lid");
      Optional<Jid> recipient = stanza.jid("recipient").map(jid -> jid.unhosted().bare());
      if (recipient.isEmpty()) return new Source(from.bare(), senderOther, from, senderOther, true);
      Optional<Jid> chatOther =
          other(stanza, recipient.get(), "peer_recipient_pn", "peer_recipient_lid")
              .or(() -> other(stanza, recipient.get(), "recipient_pn", "recipient_lid"));
      return new Source(recipient.get(), chatOther, from, senderOther, true);
    }

    private static Source fromGroup(Node stanza, Jid from, Account own) {
      Jid sender = stanza.requireJid("participant").unhosted();
      Optional<Jid> other = other(stanza, sender, "participant_pn", "participant_lid");
      return new Source(from.bare(), Optional.empty(), sender, other, own.owns(sender));
    }

    private static Optional<Jid> other(Node stanza, Jid known, String pn, String lid) {
      return known.isLid()
          ? stanza.jid(pn).map(jid -> jid.unhosted().bare()).filter(Jid::isPn)
          : stanza.jid(lid).map(jid -> jid.unhosted().bare()).filter(Jid::isLid);
    }
  }
}

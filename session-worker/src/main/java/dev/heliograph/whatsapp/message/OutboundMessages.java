package dev.heliograph.whatsapp.message;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.binary.NodeEncoder;
import dev.heliograph.whatsapp.signal.CiphertextType;
import dev.heliograph.whatsapp.signal.Encrypted;
import dev.heliograph.whatsapp.signal.NoSessionException;
import dev.heliograph.whatsapp.signal.SignalSessions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Encrypts messages for all the devices that shall have them, and makes the stanza that carries
 * them.
 */
public final class OutboundMessages {
  private final Account own;
  private final SignalSessions sessions;

  public OutboundMessages(Account own, SignalSessions sessions) {
    this.own = own;
    this.sessions = sessions;
  }

  /** The devices of these that a message goes to and that there is no session with yet. */
  public List<Jid> withoutSession(Collection<Jid> devices) {
    return receivers(devices).stream().filter(device -> !sessions.hasSession(device)).toList();
  }

  /**
   * Encrypts a text for its recipient, and as a copy for our own other devices.
   *
   * @param devices the recipient's and our own account's; the one that we are is left out
   * @throws NoSessionException if there is no session with any of the recipient's devices; nothing
   *     has changed then
   */
  public EncodedMessage encode(OutboundText text, Collection<Jid> devices) {
    List<Jid> reachable = receivers(devices).stream().filter(sessions::hasSession).toList();
    boolean toSelf = own.owns(text.to());
    if (reachable.stream().noneMatch(device -> toSelf || !own.owns(device))) {
      throw new NoSessionException();
    }
    List<Node> receivers = new ArrayList<>();
    boolean beginsSession = false;
    for (Jid device : reachable) {
      Encrypted encrypted = sessions.encrypt(device, contentFor(device, text));
      beginsSession |= encrypted.type() == CiphertextType.PRE_KEY_MESSAGE;
      receivers.add(Node.of("to").with("jid", device).with(enc(encrypted)));
    }
    Node stanza =
        Node.of("message")
            .with("id", text.id())
            .with("to", text.to())
            .with("type", "text")
            .with("peer_recipient_pn", text.to().isLid() ? text.pn() : Optional.empty())
            .with(Node.of("participants").with(receivers));
    List<Jid> skipped =
        receivers(devices).stream().filter(device -> !reachable.contains(device)).toList();
    return new EncodedMessage(encoded(stanza, beginsSession), skipped);
  }

  /**
   * Encrypts a text once more for the one device that asks for it.
   *
   * @param session the address of its Signal session
   * @param time when the message was first sent
   * @throws NoSessionException if there is no session with the device
   */
  public ByteString encodeAgain(
      OutboundText text, RetryRequest request, Jid session, Instant time) {
    Encrypted encrypted = sessions.encrypt(session, contentFor(request.asker(), text));
    Node asked = request.stanza();
    Node stanza =
        Node.of("message")
            .with("id", text.id())
            .with("to", asked.value("from"))
            .with("type", "text")
            .with("t", time.getEpochSecond())
            .with("device_fanout", "false")
            .with("participant", asked.value("participant"))
            .with("recipient", asked.value("recipient"))
            .with(enc(encrypted).with("count", request.count()));
    return encoded(stanza, encrypted.type() == CiphertextType.PRE_KEY_MESSAGE);
  }

  private Set<Jid> receivers(Collection<Jid> devices) {
    Set<Jid> receivers = new LinkedHashSet<>(devices);
    receivers.removeIf(own::isThisDevice);
    return receivers;
  }

  private ByteString contentFor(Jid device, OutboundText text) {
    return own.owns(device) ? text.deviceSentContent() : text.content();
  }

  private static Node enc(Encrypted encrypted) {
    return Node.of("enc")
        .with("v", "2")
        .with("type", encrypted.type().text())
        .with(encrypted.ciphertext());
  }

  /** Who gets a new session must see that our device belongs to our account. */
  private ByteString encoded(Node stanza, boolean beginsSession) {
    Node whole =
        beginsSession ? stanza.with(Node.of("device-identity").with(own.deviceIdentity())) : stanza;
    return ByteString.copyFrom(NodeEncoder.encode(whole));
  }
}

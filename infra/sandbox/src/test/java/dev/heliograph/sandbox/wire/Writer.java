package dev.heliograph.sandbox.wire;

import com.github.auties00.libsignal.SignalProtocolAddress;
import com.github.auties00.libsignal.SignalSessionCipher;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.protocol.SignalCiphertextMessage;
import com.github.auties00.libsignal.protocol.SignalPreKeyMessage;
import com.github.auties00.libsignal.state.SignalPreKeyBundle;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.proto.Message;
import java.util.ArrayList;
import java.util.List;

/** Writes messages as a client should: by LID, to all devices, with real ciphertexts. */
final class Writer {
  private final Linked linked;
  private final String ownLid;
  private final SignalMemory memory;

  Writer(Linked linked, String ownLid) {
    this.linked = linked;
    this.ownLid = ownLid;
    this.memory = new SignalMemory(linked.companion());
  }

  /** Looks devices and keys up over a connection, and encrypts. */
  Node compose(WireClient client, String toLid, String id, String text) {
    List<Node> participants = new ArrayList<>();
    boolean isPreKeyMessage = false;
    for (Jid device : devices(client, toLid)) {
      Message message = Message.newBuilder().setConversation(text).build();
      boolean isOwn = device.user().equals(ownLid);
      Node enc = encrypt(client, device, isOwn ? deviceSent(toLid, message) : message);
      isPreKeyMessage |= enc.requireText("type").equals("pkmsg");
      participants.add(Node.of("to", enc).with("jid", device));
    }
    Node stanza =
        Node.of("message", Node.of("participants", participants))
            .with("id", id)
            .with("to", Jid.lid(toLid))
            .with("type", "text");
    return isPreKeyMessage ? stanza.with(linked.identity()) : stanza;
  }

  private static Message deviceSent(String toLid, Message message) {
    return Message.newBuilder()
        .setDeviceSentMessage(
            Message.DeviceSentMessage.newBuilder()
                .setDestinationJid(Jid.lid(toLid).text())
                .setMessage(message))
        .build();
  }

  private List<Jid> devices(WireClient client, String toLid) {
    Node usync =
        Node.of(
                "usync",
                Node.of("query", Node.of("devices").with("version", "2")),
                Node.of(
                    "list",
                    Node.of("user").with("jid", Jid.lid(toLid)),
                    Node.of("user").with("jid", Jid.lid(ownLid))))
            .with("sid", "1")
            .with("mode", "query")
            .with("context", "message");
    List<Jid> devices = new ArrayList<>();
    for (Node user :
        client
            .ask(WireClient.iq("get", "usync", usync))
            .requireChild("usync")
            .requireChild("list")
            .children()) {
      for (Node device :
          user.requireChild("devices").requireChild("device-list").children("device")) {
        devices.add(
            new Jid(
                user.requireJid("jid").user(),
                Integer.parseInt(device.requireText("id")),
                Jid.LIDS));
      }
    }
    devices.remove(new Jid(ownLid, linked.device(), Jid.LIDS));
    return devices.stream().distinct().toList();
  }

  private Node encrypt(WireClient client, Jid device, Message message) {
    SignalProtocolAddress address = new SignalProtocolAddress(device.user(), device.device());
    SignalSessionCipher cipher = new SignalSessionCipher(memory);
    if (memory.findSessionByAddress(address).isEmpty()) {
      cipher.process(address, bundle(client, device));
    }
    byte[] padded = Bytes.concat(message.toByteArray(), new byte[] {1});
    SignalCiphertextMessage encrypted = cipher.encrypt(address, padded);
    return Node.of("enc", encrypted.toSerialized())
        .with("v", "2")
        .with("type", encrypted instanceof SignalPreKeyMessage ? "pkmsg" : "msg");
  }

  private static SignalPreKeyBundle bundle(WireClient client, Jid device) {
    Node user =
        client
            .ask(
                WireClient.iq(
                    "get", "encrypt", Node.of("key", Node.of("user").with("jid", device))))
            .requireChild("list")
            .requireChild("user");
    Node key = user.requireChild("key");
    Node skey = user.requireChild("skey");
    return new SignalPreKeyBundle(
        (int) Bytes.number(user.requireChild("registration").bytes(4)),
        device.device(),
        (int) Bytes.number(key.requireChild("id").bytes(3)),
        SignalIdentityPublicKey.ofDirect(key.requireChild("value").bytes(32)),
        (int) Bytes.number(skey.requireChild("id").bytes(3)),
        SignalIdentityPublicKey.ofDirect(skey.requireChild("value").bytes(32)),
        skey.requireChild("signature").bytes(64),
        SignalIdentityPublicKey.ofDirect(user.requireChild("identity").bytes(32)));
  }
}

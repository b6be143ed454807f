package dev.heliograph.whatsapp.stream;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.SignedPreKey;
import dev.heliograph.whatsapp.signal.PreKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * What we ask WhatsApp itself about our own device. Each {@code id} is unique on its connection.
 */
public final class Iqs {
  /** How long the server may take for an answer before the connection counts as dead. */
  public static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  private static final ByteString KEY_TYPE = ByteString.copyFrom(new byte[] {5});

  private Iqs() {}

  /** How many of our one-time pre-keys the server has left. */
  public static Node countPreKeys(String id) {
    return iq(id, "encrypt", "get").with(Node.of("count"));
  }

  /** The answer to {@link #countPreKeys}. */
  public static int preKeyCount(Node answer) {
    long count = answer.requireChild("count").requireNumber("value");
    if (count < 0 || count > Integer.MAX_VALUE) throw new ProtocolException("count: out of range");
    return (int) count;
  }

  /** Gives the server one-time pre-keys, and what else others need to begin a session with us. */
  public static Node uploadPreKeys(String id, Credentials credentials, List<PreKey> keys) {
    return iq(id, "encrypt", "set")
        .with(
            registration(credentials),
            type(),
            identity(credentials),
            Node.of("list").with(keys.stream().map(Iqs::key).toList()),
            signedPreKey(credentials.signedPreKey()));
  }

  /** Asks for what the server thinks that our keys are; it refuses with 404 if it has none. */
  public static Node digest(String id) {
    return iq(id, "encrypt", "get").with(Node.of("digest"));
  }

  /** We are ready: only then the server delivers what it has for us. */
  public static Node activate(String id) {
    return iq(id, "passive", "set").with(Node.of("active"));
  }

  public static Node ping(String id) {
    return iq(id, "w:p", "get");
  }

  /** Unlinks this very device from its account. */
  public static Node logout(String id, Jid ownPn) {
    return iq(id, "md", "set")
        .with(
            Node.of("remove-companion-device").with("jid", ownPn).with("reason", "user_initiated"));
  }

  /** The registration id as a node, 4 bytes. */
  public static Node registration(Credentials credentials) {
    return Node.of("registration").with(bigEndian(credentials.registrationId()));
  }

  /** The type of all our keys as a node. */
  public static Node type() {
    return Node.of("type").with(KEY_TYPE);
  }

  public static Node identity(Credentials credentials) {
    return Node.of("identity").with(credentials.identityKey().publicKey());
  }

  public static Node key(PreKey key) {
    return Node.of("key").with(id(key.id()), Node.of("value").with(key.publicKey()));
  }

  public static Node signedPreKey(SignedPreKey key) {
    return Node.of("skey")
        .with(
            id(key.id()),
            Node.of("value").with(key.keyPair().publicKey()),
            Node.of("signature").with(key.signature()));
  }

  private static Node id(int id) {
    return Node.of("id").with(bigEndian(id).substring(1));
  }

  private static Node iq(String id, String xmlns, String type) {
    return Node.of("iq")
        .with("id", id)
        .with("to", Jid.WHATSAPP)
        .with("type", type)
        .with("xmlns", xmlns);
  }

  private static ByteString bigEndian(int number) {
    return ByteString.copyFrom(ByteBuffer.allocate(4).putInt(number).flip());
  }
}

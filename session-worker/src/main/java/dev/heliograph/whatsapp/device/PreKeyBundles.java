package dev.heliograph.whatsapp.device;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import dev.heliograph.whatsapp.signal.PreKey;
import dev.heliograph.whatsapp.signal.PreKeyBundle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fetches the keys to begin sessions with. Each fetch uses up one of the device's one-time
 * pre-keys.
 */
public final class PreKeyBundles {
  private PreKeyBundles() {}

  /**
   * What the server has for the devices that were asked for.
   *
   * @param bundles by device, as it was asked for
   * @param missing devices without a good bundle, with the server's error code, 0 if it gave none
   */
  public record Answer(Map<Jid, PreKeyBundle> bundles, Map<Jid, Integer> missing) {
    public Answer {
      bundles = Map.copyOf(bundles);
      missing = Map.copyOf(missing);
    }
  }

  public static Node query(String id, List<Jid> devices) {
    List<Node> users = new ArrayList<>();
    for (Jid device : devices) {
      users.add(Node.of("user").with("jid", device).with("reason", "identity"));
    }
    return Node.of("iq")
        .with("id", id)
        .with("to", Jid.WHATSAPP)
        .with("type", "get")
        .with("xmlns", "encrypt")
        .with(Node.of("key").with(users));
  }

  /**
   * Reads the answer. A device whose part makes no sense is missing, the others are not affected.
   */
  public static Answer parse(Node answer, List<Jid> devices) {
    Map<Jid, Node> users = new HashMap<>();
    for (Node user : answer.requireChild("list").children("user")) {
      user.jid("jid").ifPresent(jid -> users.put(jid, user));
    }
    Map<Jid, PreKeyBundle> bundles = new HashMap<>();
    Map<Jid, Integer> missing = new HashMap<>();
    for (Jid device : devices) {
      Node user = users.get(device);
      if (user == null || user.hasChild("error")) {
        missing.put(device, user == null ? 0 : errorCode(user));
        continue;
      }
      try {
        bundles.put(device, parse(user));
      } catch (ProtocolException malformed) {
        missing.put(device, 0);
      }
    }
    return new Answer(bundles, missing);
  }

  /**
   * The bundle that a node holds: a {@code user} of the answer.
   *
   * @throws ProtocolException if it is not whole or its signature is wrong
   */
  static PreKeyBundle parse(Node node) {
    return parse(node, node.requireChild("registration").requireId(4));
  }

  /**
   * The bundle that a node holds which tells the registration id elsewhere: the {@code keys} of a
   * retry receipt.
   *
   * @throws ProtocolException if it is not whole or its signature is wrong
   */
  public static PreKeyBundle parse(Node node, int registrationId) {
    Node signed = node.requireChild("skey");
    return new PreKeyBundle(
        registrationId,
        key(node.requireChild("identity")),
        preKey(signed),
        signed.requireChild("signature").requireBytes(PublicKeys.SIGNATURE_LENGTH),
        node.child("key").map(PreKeyBundles::preKey).orElse(null));
  }

  private static PreKey preKey(Node node) {
    return new PreKey(node.requireChild("id").requireId(3), key(node.requireChild("value")));
  }

  private static ByteString key(Node node) {
    return PublicKeys.withoutType(node.requireBytes());
  }

  private static int errorCode(Node user) {
    return user.requireChild("error")
        .attr("code")
        .filter(code -> code.matches("[0-9]{1,6}"))
        .map(Integer::parseInt)
        .orElse(0);
  }
}

package dev.heliograph.sandbox.iq;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Bundle;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PreKeys;
import dev.heliograph.sandbox.account.PublicKey;
import dev.heliograph.sandbox.account.SignedPreKey;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.crypto.Digest;
import dev.heliograph.sandbox.fault.Defect;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.phone.Bundles;
import dev.heliograph.sandbox.phone.Phones;
import dev.heliograph.sandbox.relay.Relay;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Iq;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.Node;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys that devices publish: {@code xmlns="encrypt"}. */
public final class PreKeyIqs {
  private final Accounts accounts;
  private final Devices devices;
  private final PreKeys preKeys;
  private final Bundles bundles;
  private final Relay relay;
  private final Defects defects;

  public PreKeyIqs(
      Accounts accounts,
      Devices devices,
      PreKeys preKeys,
      Bundles bundles,
      Relay relay,
      Defects defects) {
    this.accounts = accounts;
    this.devices = devices;
    this.preKeys = preKeys;
    this.bundles = bundles;
    this.relay = relay;
    this.defects = defects;
  }

  Node answer(Turn turn, Device caller, Node iq) {
    if (iq.child("count").isPresent()) {
      return Iq.result(iq, Node.of("count").with("value", preKeys.count(caller.address())));
    }
    if (iq.child("digest").isPresent()) {
      return Iq.result(iq, digest(caller));
    }
    Optional<Node> wanted = iq.child("key");
    if (wanted.isPresent()) {
      return Iq.result(iq, bundles(turn, wanted.get()));
    }
    Optional<Node> rotate = iq.child("rotate");
    if (rotate.isPresent()) {
      publish(caller, rotate.get().requireChild("skey"));
      return Iq.result(iq);
    }
    return upload(caller, iq);
  }

  private Node upload(Device caller, Node iq) {
    boolean isOwnIdentity =
        ByteString.copyFrom(iq.requireChild("identity").bytes(32)).equals(caller.identity())
            && Bytes.number(iq.requireChild("registration").bytes(4)) == caller.registrationId();
    if (!isOwnIdentity) {
      throw wrong();
    }
    publish(caller, iq.requireChild("skey"));
    for (Node key : iq.requireChild("list").children("key")) {
      PublicKey preKey = Phones.readPreKey(key);
      if (!preKeys.add(caller.address(), preKey)) {
        defects.record(caller.address(), Defect.PRE_KEY_ID_REUSED, Integer.toString(preKey.id()));
      }
    }
    return Iq.result(iq);
  }

  private void publish(Device caller, Node skey) {
    SignedPreKey signedPreKey = Phones.readSignedPreKey(skey);
    if (!signedPreKey.isSignedBy(caller.identity())) {
      throw wrong();
    }
    devices.rotate(caller.address(), signedPreKey);
  }

  /** Noted with the refusal: the turn of a refused question leaves no other trace. */
  private static IqRefusedException wrong() {
    return new IqRefusedException(406, "not-acceptable", Defect.SIGNED_PRE_KEY_WRONG);
  }

  private Node digest(Device caller) {
    Device current = devices.find(caller.address()).orElseThrow();
    List<PublicKey> pool = preKeys.pool(caller.address());
    if (pool.isEmpty()) {
      throw new IqRefusedException(404, "item-not-found");
    }
    ByteArrayOutputStream hashed = new ByteArrayOutputStream();
    hashed.writeBytes(current.identity().toByteArray());
    hashed.writeBytes(current.signedPreKey().key().key().toByteArray());
    hashed.writeBytes(current.signedPreKey().signature().toByteArray());
    pool.forEach(preKey -> hashed.writeBytes(preKey.key().toByteArray()));
    return Node.of("digest")
        .with(identity(current))
        .with(skey(current.signedPreKey()))
        .with(Node.of("list", pool.stream().map(preKey -> Node.of("id", id(preKey))).toList()))
        .with(Node.of("hash", Digest.sha1(hashed.toByteArray())));
  }

  private Node bundles(Turn turn, Node wanted) {
    List<Node> users = new ArrayList<>();
    for (Node user : wanted.children("user")) {
      Jid jid = user.requireJid("jid");
      users.add(bundle(turn, jid));
    }
    return Node.of("list", users);
  }

  private Node bundle(Turn turn, Jid jid) {
    Optional<DeviceAddress> address =
        accounts.find(jid).map(Account::lid).map(lid -> new DeviceAddress(lid, jid.device()));
    Optional<Bundle> bundle = address.flatMap(bundles::take);
    Node user = Node.of("user").with("jid", jid);
    if (bundle.isEmpty()) {
      return user.with(Node.of("error").with("code", 404).with("text", "item-not-found"));
    }
    relay.watchPreKeys(turn, address.orElseThrow());
    Device device = bundle.get().device();
    Node full = user.with(identity(device)).with(skey(device.signedPreKey()));
    if (bundle.get().oneTimePreKey().isPresent()) {
      full = full.with(Node.of("key", keyParts(bundle.get().oneTimePreKey().get())));
    }
    return device.signedIdentity().isEmpty()
        ? full
        : full.with(Node.of("device-identity", device.signedIdentity()));
  }

  private static List<Node> identity(Device device) {
    return List.of(
        Node.of("registration", Bytes.bigEndian(device.registrationId(), 4)),
        Node.of("type", new byte[] {5}),
        Node.of("identity", device.identity()));
  }

  private static Node skey(SignedPreKey signedPreKey) {
    return Node.of("skey", keyParts(signedPreKey.key()))
        .with(Node.of("signature", signedPreKey.signature()));
  }

  private static List<Node> keyParts(PublicKey key) {
    return List.of(Node.of("id", id(key)), Node.of("value", key.key()));
  }

  private static byte[] id(PublicKey key) {
    return Bytes.bigEndian(key.id(), 3);
  }
}

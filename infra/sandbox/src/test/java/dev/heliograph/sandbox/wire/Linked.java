package dev.heliograph.sandbox.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentity;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentityHMAC;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A companion that a phone has linked. */
public record Linked(
    URI uri, String rootKey, Companion companion, String msisdn, int device, Node identity) {
  private static final byte[] DEVICE_SIGNATURE = {6, 1};

  /** Goes the whole way: refs, scan, signature. */
  public static Linked link(URI uri, String rootKey, ControlClient control, String msisdn) {
    Companion companion = new Companion();
    try (WireClient client =
        WireClient.open(uri, rootKey, companion.noise, companion.registration().build())) {
      String ref = firstRef(client);
      CompletableFuture<Integer> device =
          CompletableFuture.supplyAsync(() -> control.scan(msisdn, companion.qr(ref)));
      Node pairSuccess = client.await(node -> node.child("pair-success").isPresent());
      ADVSignedDeviceIdentity signed = sign(companion, pairSuccess);
      client.send(answer(pairSuccess, signed));
      Node identity = Node.of("device-identity", signed.toByteString());
      return new Linked(uri, rootKey, companion, msisdn, device.join(), identity);
    }
  }

  static String firstRef(WireClient client) {
    Node pairDevice = client.await(node -> node.child("pair-device").isPresent());
    client.send(
        Node.of("iq")
            .with("to", Jid.SERVER)
            .with("type", "result")
            .with("id", pairDevice.requireText("id")));
    return pairDevice.requireChild("pair-device").children("ref").getFirst().contentText();
  }

  static ADVSignedDeviceIdentity sign(Companion companion, Node pairSuccess) {
    try {
      var sealed =
          ADVSignedDeviceIdentityHMAC.parseFrom(
              pairSuccess.requireChild("pair-success").requireChild("device-identity").bytes());
      var offered = ADVSignedDeviceIdentity.parseFrom(sealed.getDetails());
      byte[] signature =
          companion.identity.sign(
              DEVICE_SIGNATURE,
              offered.getDetails().toByteArray(),
              companion.identity.publicKey(),
              offered.getAccountSignatureKey().toByteArray());
      return offered.toBuilder().setDeviceSignature(ByteString.copyFrom(signature)).build();
    } catch (InvalidProtocolBufferException malformed) {
      throw new AssertionError(malformed);
    }
  }

  /** What a companion answers to pair-success; a device's first key index is 1. */
  static Node answer(Node pairSuccess, ADVSignedDeviceIdentity signed) {
    Jid jid = pairSuccess.requireChild("pair-success").requireChild("device").requireJid("jid");
    return Node.of("iq")
        .with("to", Jid.SERVER)
        .with("type", "result")
        .with("id", pairSuccess.requireText("id"))
        .with(
            Node.of(
                "pair-device-sign",
                Node.of(
                        "device-identity",
                        signed.toBuilder().clearAccountSignatureKey().build().toByteString())
                    .with("key-index", jid.device())));
  }

  /** Logs in, publishes pre-keys if there are none, and lets deliveries begin. */
  public WireClient logIn() {
    WireClient client = connect();
    client.await("success");
    Node count =
        client.ask(WireClient.iq("get", "encrypt", Node.of("count"))).requireChild("count");
    if (count.requireText("value").equals("0")) {
      client.ask(WireClient.iq("set", "encrypt", upload(1, 10).toArray(Node[]::new)));
    }
    client.ask(WireClient.iq("set", "passive", Node.of("active")));
    return client;
  }

  /** Says who it is, and no more. */
  public WireClient connect() {
    return WireClient.open(uri, rootKey, companion.noise, companion.login(msisdn, device));
  }

  List<Node> upload(int firstId, int count) {
    List<Node> keys =
        IntStream.range(firstId, firstId + count)
            .mapToObj(id -> Node.of("key", keyParts(id, KeyPair.generate())))
            .toList();
    return List.of(
        Node.of("registration", Bytes.bigEndian(companion.registrationId, 4)),
        Node.of("type", new byte[] {5}),
        Node.of("identity", companion.identity.publicKey()),
        Node.of("list", keys),
        skey(companion.signedPreKeySignature()));
  }

  Node skey(byte[] signature) {
    return Node.of("skey", keyParts(1, companion.signedPreKey))
        .with(Node.of("signature", signature));
  }

  private static List<Node> keyParts(int id, KeyPair pair) {
    return List.of(Node.of("id", Bytes.bigEndian(id, 3)), Node.of("value", pair.publicKey()));
  }

  @Override
  public String toString() {
    return "Linked[" + device + "]";
  }
}

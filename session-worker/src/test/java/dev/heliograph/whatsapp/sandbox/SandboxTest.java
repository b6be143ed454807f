package dev.heliograph.whatsapp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.heliograph.message.WhatsAppId;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.device.Lids;
import dev.heliograph.whatsapp.device.UserDevices;
import dev.heliograph.whatsapp.message.EncodedMessage;
import dev.heliograph.whatsapp.message.InboundMessage;
import dev.heliograph.whatsapp.message.MessageContent;
import dev.heliograph.whatsapp.message.OutboundText;
import dev.heliograph.whatsapp.message.Receipt;
import dev.heliograph.whatsapp.message.ReceiptType;
import dev.heliograph.whatsapp.message.Receipts;
import dev.heliograph.whatsapp.message.ServerAck;
import dev.heliograph.whatsapp.signal.Decryption;
import dev.heliograph.whatsapp.signal.Decryption.Decrypted;
import dev.heliograph.whatsapp.signal.Decryption.Duplicate;
import dev.heliograph.whatsapp.signal.Decryption.Undecryptable;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Keepalive;
import dev.heliograph.whatsapp.socket.WhatsAppDialer;
import dev.heliograph.whatsapp.stream.Ending;
import dev.heliograph.whatsapp.stream.Iqs;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The wire from end to end, against a server that shares no code with it. */
@Timeout(180)
class SandboxTest {
  private static final String OURS = "5511990000001";
  private static final String PEER = "5511990000002";

  @TempDir Path folder;

  private Sandbox sandbox;
  private ControlApi control;
  private Vertx vertx;
  private WhatsAppDialer dialer;
  private Companion companion;

  @BeforeEach
  void pair() throws InterruptedException {
    sandbox = Sandbox.start(SandboxOptions.in(folder));
    control = new ControlApi(sandbox.controlUri());
    control.createPhone(OURS);
    control.createPhone(PEER);
    vertx = Vertx.vertx();
    dialer =
        new WhatsAppDialer(
            vertx,
            sandbox.webSocketUri(),
            ByteString.copyFrom(HexFormat.of().parseHex(sandbox.rootKey())),
            Keepalive.DEFAULT,
            InstantSource.system(),
            new SecureRandom());
    companion = new Companion(dialer);
    companion.pair(codes -> control.scan(OURS, codes.getFirst().text()));
    companion.login();
  }

  @AfterEach
  void stop() {
    companion.connection().close();
    dialer.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    control.close();
    sandbox.close();
  }

  @Test
  void pairingTellsWhoWeAre() {
    assertThat(companion.account().pn().bare()).isEqualTo(Jid.pn(OURS));
    assertThat(companion.account().lid().bare()).isEqualTo(Jid.lid(control.lid(OURS)));
    assertThat(companion.account().pn().device()).isPositive();
  }

  @Test
  void theServerHasOurPreKeys() throws InterruptedException {
    Node answer =
        companion
            .connection()
            .request(Iqs.countPreKeys(companion.connection().nextId()), Duration.ofSeconds(10));

    assertThat(Iqs.preKeyCount(answer)).isEqualTo(100);
  }

  @Test
  void aTextArrives() throws InterruptedException {
    String id = control.send(PEER, OURS, "hello");

    InboundMessage message = companion.awaitMessage();
    assertThat(message.id()).isEqualTo(id);
    assertThat(message.chat()).isEqualTo(peerLid());
    assertThat(message.senderPn()).contains(Jid.pn(PEER));
    assertThat(message.pushName()).contains("Phone " + PEER);
    assertThat(Lids.in(message.stanza())).contains(new LidMapping(Jid.pn(PEER), peerLid()));
    assertThat(textOf(companion.decrypt(message))).isEqualTo("hello");
    companion.connection().send(Receipts.delivered(message));
    await().until(() -> receiptTypes(PEER, id).contains("delivery"));

    assertThat(companion.decrypt(message)).isEqualTo(new Duplicate());
  }

  @Test
  void aTextArrivesAtThePeerAndAsACopyOnOurPhone() throws InterruptedException {
    String id = send("hello");

    await().until(() -> texts(PEER).contains("hello"));
    await().until(() -> texts(OURS).contains("hello"));
    JsonObject copy = control.messages(OURS).getFirst();
    assertThat(copy.getBoolean("device_sent")).isTrue();
    assertThat(copy.getString("chat")).isEqualTo(PEER);
    Receipt delivered = awaitReceipt(ReceiptType.DELIVERED);
    assertThat(delivered.messageIds()).containsExactly(id);
    assertThat(delivered.from().bare()).isEqualTo(peerLid());

    control.read(PEER, id);
    assertThat(awaitReceipt(ReceiptType.READ).messageIds()).containsExactly(id);
  }

  @Test
  void aConversationGoesOnAfterAReconnect() throws InterruptedException {
    send("one");
    await().until(() -> texts(PEER).contains("one"));
    control.send(PEER, OURS, "two");
    InboundMessage two = companion.awaitMessage();
    assertThat(textOf(companion.decrypt(two))).isEqualTo("two");
    companion.connection().send(Receipts.delivered(two));
    companion.connection().close();
    assertThat(companion.closed().join()).isEqualTo(CloseReason.CLOSED_BY_US);
    control.send(PEER, OURS, "three");

    companion.login();

    InboundMessage three = companion.awaitMessage();
    assertThat(three.offline()).isTrue();
    assertThat(textOf(companion.decrypt(three))).isEqualTo("three");
    send("four");
    await().until(() -> texts(PEER).contains("four"));
  }

  @Test
  void theSameBytesSentAgainAreShownOnce() throws InterruptedException {
    OutboundText text = text("once");
    EncodedMessage encoded = companion.encode(text);
    for (int i = 0; i < 3; i++) {
      companion.connection().send(encoded.stanza().toByteArray());
      ServerAck ack = ServerAck.parse(companion.await(ServerAck::is));
      assertThat(ack.messageId()).isEqualTo(text.id());
      assertThat(ack.verdict()).isEqualTo(ServerAck.Verdict.ACCEPTED);
    }
    send("after");
    await().until(() -> texts(PEER).contains("after"));

    assertThat(texts(PEER)).containsExactly("once", "after");
  }

  @Test
  void aMessageThatWeCannotReadIsSentAgainWhenWeAsk() throws InterruptedException {
    control.send(PEER, OURS, "first");
    InboundMessage first = companion.awaitMessage();
    companion.decrypt(first);
    companion.connection().send(Receipts.delivered(first));
    send("so that the peer sends plain messages");
    await().until(() -> texts(PEER).size() == 1);
    companion.sessions().forget(peerLid());

    String id = control.send(PEER, OURS, "lost");
    InboundMessage lost = companion.awaitMessage();
    assertThat(companion.decrypt(lost)).isInstanceOf(Undecryptable.class);
    companion
        .connection()
        .send(Receipts.retry(lost, 1, companion.credentials(), companion.preKeys().give()));

    InboundMessage again = companion.awaitMessage();
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.encs().getFirst().count()).isEqualTo(1);
    assertThat(textOf(companion.decrypt(again))).isEqualTo("lost");
  }

  @Test
  void aNumberThatNobodyHasIsNotRegistered() throws InterruptedException {
    UserDevices nobody = companion.devicesOf(Jid.pn("5511990000099"));

    assertThat(nobody.registered()).isFalse();
    assertThat(nobody.devices()).isEmpty();
  }

  @Test
  void aNumberHasALidAndDevices() throws InterruptedException {
    UserDevices peer = companion.devicesOf(Jid.pn(PEER));

    assertThat(peer.registered()).isTrue();
    assertThat(peer.pn()).contains(Jid.pn(PEER));
    assertThat(peer.lid()).contains(peerLid());
    assertThat(peer.devices()).containsExactly(peerLid());
  }

  @Test
  void theEndIsToldWhenThePhoneUnlinksUs() throws InterruptedException {
    control.unlink(OURS, companion.account().pn().device());

    Node end = companion.await(node -> Ending.find(node).isPresent());

    assertThat(Ending.find(end)).isEqualTo(Optional.of(new Ending.LoggedOut(401)));
  }

  @Test
  void whoLogsOutCannotLogInAgain() throws InterruptedException {
    companion
        .connection()
        .request(
            Iqs.logout(companion.connection().nextId(), companion.account().pn()),
            Duration.ofSeconds(10));
    companion.connection().close();

    assertThat(control.lid(OURS)).isEqualTo(companion.account().lid().user());
    companion.loginRefused();
    Node end = companion.await(node -> node.is("failure"));
    assertThat(Ending.find(end)).isEqualTo(Optional.of(new Ending.LoggedOut(401)));
  }

  private String send(String text) throws InterruptedException {
    OutboundText message = text(text);
    EncodedMessage encoded = companion.encode(message);
    assertThat(encoded.skipped()).isEmpty();
    companion.connection().send(encoded.stanza().toByteArray());
    ServerAck ack = ServerAck.parse(companion.await(ServerAck::is));
    assertThat(ack.messageId()).isEqualTo(message.id());
    assertThat(ack.verdict()).isEqualTo(ServerAck.Verdict.ACCEPTED);
    return message.id();
  }

  private OutboundText text(String text) {
    return new OutboundText(WhatsAppId.random(), peerLid(), Optional.of(Jid.pn(PEER)), text);
  }

  private Receipt awaitReceipt(ReceiptType type) throws InterruptedException {
    Node receipt =
        companion.await(node -> node.is("receipt") && Receipt.parse(node).type() == type);
    return Receipt.parse(receipt);
  }

  private Jid peerLid() {
    return Jid.lid(control.lid(PEER));
  }

  private List<String> texts(String msisdn) {
    return control.messages(msisdn).stream().map(message -> message.getString("text")).toList();
  }

  private List<String> receiptTypes(String msisdn, String id) {
    return control.receipts(msisdn).stream()
        .filter(receipt -> receipt.getString("id").equals(id))
        .map(receipt -> receipt.getString("type"))
        .toList();
  }

  private static String textOf(Decryption decryption) {
    ByteString plaintext = ((Decrypted) decryption).plaintext();
    return ((MessageContent.Text) MessageContent.parse(plaintext, false)).text();
  }
}

package dev.heliograph.whatsapp.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.Shape;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.signal.Device;
import dev.heliograph.whatsapp.signal.PreKey;
import dev.heliograph.whatsapp.signal.PreKeyBundle;
import dev.heliograph.whatsapp.stream.Iqs;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PreKeyBundlesTest {
  private final Random random = new Random(1);
  private final Device peer = Device.create(Jid.lid("123").withDevice(7), random);
  private final PreKey oneTime = peer.preKeys().give();

  @Test
  void bundlesAreAskedForByDevice() {
    assertThat(Shape.of(PreKeyBundles.query("q", List.of(peer.jid(), Jid.lid("5")))))
        .isEqualTo(
            "<iq id='q' to=s.whatsapp.net type='get' xmlns='encrypt'><key><user jid=123:7@lid"
                + " reason='identity'/><user jid=5@lid reason='identity'/></></>");
  }

  @Test
  void aBundleIsReadWithOrWithoutAOneTimeKey() {
    PreKeyBundle with = parse(user().with(Iqs.key(oneTime))).bundles().get(peer.jid());
    PreKeyBundle without = parse(user()).bundles().get(peer.jid());

    assertThat(with).isEqualTo(peer.bundle(oneTime));
    assertThat(without).isEqualTo(peer.bundle(null));
  }

  @Test
  void oneDevicesErrorIsItsOwn() {
    Jid other = Jid.lid("5");
    Jid unheardOf = Jid.lid("6");
    Node answer =
        answer(
            user(), Node.of("user").with("jid", other).with(Node.of("error").with("code", "404")));

    PreKeyBundles.Answer parsed =
        PreKeyBundles.parse(answer, List.of(peer.jid(), other, unheardOf));

    assertThat(parsed.bundles()).containsOnlyKeys(peer.jid());
    assertThat(parsed.missing()).containsEntry(other, 404).containsEntry(unheardOf, 0);
  }

  @Test
  void aBundleThatIsNotWholeOrWronglySignedIsNone() {
    for (Node child : user().children()) {
      if (child.is("type")) continue;
      Node without =
          user().with(user().children().stream().filter(other -> !other.equals(child)).toList());
      assertThat(parse(without).missing()).containsKey(peer.jid());
      Node wrong =
          user()
              .with(
                  user().children().stream()
                      .map(other -> other.equals(child) ? other.with(new byte[5]) : other)
                      .toList());
      assertThat(parse(wrong).missing()).containsKey(peer.jid());
    }
    Node forged =
        user()
            .with(
                user().children().stream()
                    .map(
                        child ->
                            child.is("identity")
                                ? child.with(KeyPair.generate(random).publicKey())
                                : child)
                    .toList());
    assertThat(parse(forged).missing()).containsKey(peer.jid());
  }

  @Test
  void anAnswerWithoutAListIsAProtocolError() {
    assertThatThrownBy(() -> PreKeyBundles.parse(Node.of("iq"), List.of(peer.jid())))
        .isInstanceOf(ProtocolException.class);
  }

  private PreKeyBundles.Answer parse(Node user) {
    return PreKeyBundles.parse(answer(user), List.of(peer.jid()));
  }

  private Node user() {
    return Node.of("user")
        .with("jid", peer.jid())
        .with("t", "1")
        .with(
            Iqs.registration(peer.credentials()),
            Iqs.type(),
            Iqs.identity(peer.credentials()),
            Iqs.signedPreKey(peer.credentials().signedPreKey()));
  }

  private static Node answer(Node... users) {
    return Node.of("iq").with("type", "result").with(Node.of("list").with(users));
  }
}

package dev.heliograph.whatsapp.message;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.device.PreKeyBundles;
import dev.heliograph.whatsapp.signal.PreKeyBundle;
import dev.heliograph.whatsapp.stream.Acks;
import dev.heliograph.whatsapp.stream.Times;
import java.time.Instant;
import java.util.Optional;

/**
 * A device could not decrypt what we sent, and asks for it again.
 *
 * @param stanza as it came
 * @param asker the device
 * @param count 1 the first time
 * @param registrationId of the device: another one than its session has means that it was set up
 *     anew
 * @param keys to begin a new session with
 * @param time when it was asked, by the server's clock
 */
public record RetryRequest(
    Node stanza,
    String messageId,
    Jid asker,
    int count,
    int registrationId,
    Optional<PreKeyBundle> keys,
    Optional<Instant> time) {
  private static final int MOST_COUNT = 1000;

  /**
   * Reads a {@code receipt} of type {@code retry}.
   *
   * @throws ProtocolException if it cannot be one, or its keys are not whole or wrongly signed
   */
  public static RetryRequest parse(Node stanza) {
    if (!Acks.isDue(stanza)) throw new ProtocolException("a stanza that cannot be acknowledged");
    Node retry = stanza.requireChild("retry");
    long count = retry.number("count").orElse(1L);
    if (count < 1 || count > MOST_COUNT) throw new ProtocolException("retry: count out of range");
    int registrationId = stanza.requireChild("registration").requireId(4);
    return new RetryRequest(
        stanza,
        stanza.requireAttr("id"),
        stanza.jid("participant").orElseGet(() -> stanza.requireJid("from")),
        (int) count,
        registrationId,
        stanza.child("keys").map(keys -> PreKeyBundles.parse(keys, registrationId)),
        Times.findSeconds(stanza, "t"));
  }

  @Override
  public String toString() {
    return "RetryRequest[count=" + count + ", keys=" + keys.isPresent() + "]";
  }
}

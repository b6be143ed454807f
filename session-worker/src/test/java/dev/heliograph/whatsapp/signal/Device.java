package dev.heliograph.whatsapp.signal;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.SignedPreKey;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A device with everything that Signal needs, for tests: two of them can talk. */
public record Device(Jid jid, Credentials credentials, MapRecords records, RandomGenerator random) {
  public static Device create(Jid jid, RandomGenerator random) {
    return new Device(jid, Credentials.generate(random), new MapRecords(), random);
  }

  /** As if the process had ended and begun again each time. */
  public SignalSessions sessions() {
    return new SignalSessions(Credentials.decode(credentials.encode()), records, random);
  }

  public PreKeys preKeys() {
    return new PreKeys(records, random);
  }

  public PreKeyBundle bundle() {
    return bundle(preKeys().give());
  }

  public PreKeyBundle bundle(@Nullable PreKey oneTime) {
    SignedPreKey signed = credentials.signedPreKey();
    return new PreKeyBundle(
        credentials.registrationId(),
        credentials.identityKey().publicKey(),
        new PreKey(signed.id(), signed.keyPair().publicKey()),
        signed.signature(),
        oneTime);
  }

  public Encrypted encrypt(Device to, String text) {
    return sessions().encrypt(to.jid, ByteString.copyFromUtf8(text));
  }

  public Decryption decrypt(Device from, Encrypted encrypted) {
    return sessions().decrypt(from.jid, encrypted.type(), encrypted.ciphertext());
  }

  /** Set up anew: same address, nothing else of it. */
  public Device reinstalled() {
    return create(jid, random);
  }
}

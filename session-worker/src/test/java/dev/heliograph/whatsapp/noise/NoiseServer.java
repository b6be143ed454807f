package dev.heliograph.whatsapp.noise;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.crypto.Hashes;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.proto.ClientFinish;
import dev.heliograph.whatsapp.proto.HandshakeMessage;
import dev.heliograph.whatsapp.proto.ServerHello;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The server's side of the handshake, for tests, written down step by step. */
public final class NoiseServer {
  private static final byte[] NOTHING = new byte[0];

  private final KeyPair staticKey;
  private final KeyPair ephemeral;
  private final TestCertificates certificates;

  private byte[] hash =
      Arrays.copyOf("Noise_XX_25519_AESGCM_SHA256".getBytes(StandardCharsets.US_ASCII), 32);
  private byte[] chainingKey = hash;
  private Aes256Gcm cipher = new Aes256Gcm(hash);

  public NoiseServer(RandomGenerator random, Instant now) {
    staticKey = KeyPair.generate(random);
    ephemeral = KeyPair.generate(random);
    certificates = new TestCertificates(KeyPair.generate(random), KeyPair.generate(random), now);
  }

  public ByteString root() {
    return certificates.root().publicKey();
  }

  /** The frame that answers the client's hello. */
  public byte[] answer(byte[] hello) {
    return answer(hello, certificates.chain(staticKey));
  }

  byte[] answer(byte[] hello, byte[] chain) {
    ByteString theirs = parsed(hello).getClientHello().getEphemeral();
    authenticate(new byte[] {'W', 'A', 6, 3});
    authenticate(theirs.toByteArray());
    authenticate(ephemeral.publicKey().toByteArray());
    mix(ephemeral.agree(theirs));
    byte[] encryptedKey = encrypt(staticKey.publicKey().toByteArray());
    mix(staticKey.agree(theirs));
    byte[] encryptedChain = encrypt(chain);
    return HandshakeMessage.newBuilder()
        .setServerHello(
            ServerHello.newBuilder()
                .setEphemeral(ephemeral.publicKey())
                .setStatic(ByteString.copyFrom(encryptedKey))
                .setPayload(ByteString.copyFrom(encryptedChain)))
        .build()
        .toByteArray();
  }

  /**
   * What the client's last frame of the handshake said, and the connection as the server sees it.
   */
  public Finished finish(byte[] frame) {
    ClientFinish finish = parsed(frame).getClientFinish();
    ByteString theirs = ByteString.copyFrom(decrypt(finish.getStatic().toByteArray()));
    mix(ephemeral.agree(theirs));
    ByteString payload = ByteString.copyFrom(decrypt(finish.getPayload().toByteArray()));
    byte[] keys = Hashes.hkdfSha256(NOTHING, chainingKey, NOTHING, 64);
    NoiseTransport transport =
        new NoiseTransport(Arrays.copyOfRange(keys, 32, 64), Arrays.copyOf(keys, 32));
    return new Finished(theirs, payload, transport);
  }

  public record Finished(ByteString clientKey, ByteString payload, NoiseTransport transport) {}

  private void authenticate(byte[] data) {
    hash = Hashes.sha256(hash, data);
  }

  private void mix(byte[] secret) {
    byte[] keys = Hashes.hkdfSha256(secret, chainingKey, NOTHING, 64);
    chainingKey = Arrays.copyOf(keys, 32);
    cipher = new Aes256Gcm(Arrays.copyOfRange(keys, 32, 64));
  }

  private byte[] encrypt(byte[] plaintext) {
    byte[] ciphertext = cipher.encrypt(plaintext, hash);
    authenticate(ciphertext);
    return ciphertext;
  }

  private byte[] decrypt(byte[] ciphertext) {
    byte[] plaintext = cipher.decrypt(ciphertext, hash);
    authenticate(ciphertext);
    return plaintext;
  }

  private static HandshakeMessage parsed(byte[] frame) {
    try {
      return HandshakeMessage.parseFrom(frame);
    } catch (InvalidProtocolBufferException malformed) {
      throw new AssertionError(malformed);
    }
  }
}

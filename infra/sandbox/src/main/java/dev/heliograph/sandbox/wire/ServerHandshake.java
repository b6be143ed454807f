package dev.heliograph.sandbox.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.proto.ClientPayload;
import dev.heliograph.sandbox.proto.HandshakeMessage;
import dev.heliograph.sandbox.proto.HandshakeMessage.ClientFinish;
import dev.heliograph.sandbox.proto.HandshakeMessage.ClientHello;
import dev.heliograph.sandbox.proto.HandshakeMessage.ServerHello;
import java.security.GeneralSecurityException;

/**
 * The server's side of the Noise XX handshake: {@link #answer} its first frame, then {@link
 * #finish} with its second.
 */
public final class ServerHandshake {
  private final KeyPair staticKey;
  private final byte[] certificate;
  private final KeyPair ephemeral = KeyPair.generate();
  private final NoiseState noise = new NoiseState();

  public ServerHandshake(KeyPair staticKey, byte[] certificate) {
    this.staticKey = staticKey;
    this.certificate = certificate;
  }

  /**
   * What the handshake has brought.
   *
   * @param noiseKey whom the client has proven to be: the public half of its static key
   */
  public record Finished(ByteString noiseKey, ClientPayload payload, NoiseTransport transport) {}

  public byte[] answer(byte[] frame) {
    try {
      ClientHello hello = HandshakeMessage.parseFrom(frame).getClientHello();
      if (hello.hasStatic()) {
        throw new MalformedStanzaException("an IK handshake: only XX is spoken here");
      }
      byte[] theirs = key(hello.getEphemeral());
      noise.authenticate(Frames.INTRO);
      noise.authenticate(theirs);
      noise.authenticate(ephemeral.publicKey());
      noise.mix(ephemeral.agree(theirs));
      byte[] encryptedStatic = noise.encrypt(staticKey.publicKey());
      noise.mix(staticKey.agree(theirs));
      byte[] encryptedCertificate = noise.encrypt(certificate);
      return HandshakeMessage.newBuilder()
          .setServerHello(
              ServerHello.newBuilder()
                  .setEphemeral(ByteString.copyFrom(ephemeral.publicKey()))
                  .setStatic(ByteString.copyFrom(encryptedStatic))
                  .setPayload(ByteString.copyFrom(encryptedCertificate)))
          .build()
          .toByteArray();
    } catch (InvalidProtocolBufferException | GeneralSecurityException malformed) {
      throw new MalformedStanzaException("a clientHello that makes no sense");
    }
  }

  public Finished finish(byte[] frame) {
    try {
      ClientFinish finish = HandshakeMessage.parseFrom(frame).getClientFinish();
      byte[] noiseKey = key(ByteString.copyFrom(noise.decrypt(finish.getStatic().toByteArray())));
      noise.mix(ephemeral.agree(noiseKey));
      byte[] payload = noise.decrypt(finish.getPayload().toByteArray());
      byte[][] keys = noise.split();
      return new Finished(
          ByteString.copyFrom(noiseKey),
          ClientPayload.parseFrom(payload),
          new NoiseTransport(keys[1], keys[0]));
    } catch (InvalidProtocolBufferException | GeneralSecurityException malformed) {
      throw new MalformedStanzaException("a clientFinish that does not open");
    }
  }

  private static byte[] key(ByteString bytes) {
    if (bytes.size() != 32) {
      throw new MalformedStanzaException("a key that is not of 32 bytes");
    }
    return bytes.toByteArray();
  }
}

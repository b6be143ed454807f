package dev.heliograph.whatsapp.noise;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import dev.heliograph.whatsapp.proto.ClientFinish;
import dev.heliograph.whatsapp.proto.ClientHello;
import dev.heliograph.whatsapp.proto.HandshakeMessage;
import dev.heliograph.whatsapp.proto.ServerHello;
import java.time.Instant;

/**
 * The client's side of the Noise XX handshake, without a socket. The client says hello; the server
 * answers with its keys and its certificate; the client finishes with its static key and its
 * payload. Then both encrypt.
 */
public final class NoiseHandshake {
  /** What comes before everything else: "WA", the protocol's version, the dictionary's version. */
  private static final byte[] INTRO = {'W', 'A', 6, 3};

  private static final String PROTOCOL = "Noise_XX_25519_AESGCM_SHA256";

  private final SymmetricState state = new SymmetricState(PROTOCOL);
  private final KeyPair staticKey;
  private final KeyPair ephemeral;
  private final ByteString root;

  /**
   * A handshake that has not begun.
   *
   * @param staticKey the noise key of the credentials
   * @param ephemeral drawn for this connection alone
   * @param root who must have signed the server's certificate, {@link
   *     CertificateChain#WHATSAPP_ROOT}
   */
  public NoiseHandshake(KeyPair staticKey, KeyPair ephemeral, ByteString root) {
    this.staticKey = staticKey;
    this.ephemeral = ephemeral;
    this.root = root;
  }

  /** The first bytes to send: the intro, and a frame. */
  public byte[] hello() {
    state.authenticate(INTRO);
    state.authenticate(ephemeral.publicKey().toByteArray());
    HandshakeMessage hello =
        HandshakeMessage.newBuilder()
            .setClientHello(ClientHello.newBuilder().setEphemeral(ephemeral.publicKey()))
            .build();
    byte[] frame = Frames.frame(hello.toByteArray());
    return ByteString.copyFrom(INTRO).concat(ByteString.copyFrom(frame)).toByteArray();
  }

  /** The last bytes of the handshake to send, and the connection that it has set up. */
  public static final class Finish {
    private final byte[] frame;
    private final NoiseTransport transport;

    Finish(byte[] frame, NoiseTransport transport) {
      this.frame = frame;
      this.transport = transport;
    }

    public byte[] frame() {
      return frame.clone();
    }

    public NoiseTransport transport() {
      return transport;
    }
  }

  /**
   * Checks the server's answer to {@link #hello}.
   *
   * @param answer the body of the first frame received
   * @param clientPayload who we are
   * @throws ProtocolException if this is not the server that we trust
   */
  public Finish finish(byte[] answer, byte[] clientPayload, Instant now) {
    ServerHello server = serverHello(answer);
    state.authenticate(server.getEphemeral().toByteArray());
    state.mix(ephemeral.agree(server.getEphemeral()));
    ByteString serverKey = ByteString.copyFrom(state.decrypt(server.getStatic().toByteArray()));
    state.mix(ephemeral.agree(serverKey));
    byte[] certificates = state.decrypt(server.getPayload().toByteArray());
    CertificateChain.verify(certificates, serverKey, root, now);

    byte[] encryptedKey = state.encrypt(staticKey.publicKey().toByteArray());
    state.mix(staticKey.agree(server.getEphemeral()));
    byte[] encryptedPayload = state.encrypt(clientPayload);
    HandshakeMessage finish =
        HandshakeMessage.newBuilder()
            .setClientFinish(
                ClientFinish.newBuilder()
                    .setStatic(ByteString.copyFrom(encryptedKey))
                    .setPayload(ByteString.copyFrom(encryptedPayload)))
            .build();
    return new Finish(Frames.frame(finish.toByteArray()), state.split());
  }

  private static ServerHello serverHello(byte[] answer) {
    try {
      ServerHello hello = HandshakeMessage.parseFrom(answer).getServerHello();
      if (hello.getEphemeral().size() != PublicKeys.LENGTH) {
        throw new ProtocolException("a server hello without a key");
      }
      return hello;
    } catch (InvalidProtocolBufferException malformed) {
      throw new ProtocolException("not a server hello", malformed);
    }
  }
}

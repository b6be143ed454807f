package dev.heliograph.whatsapp.signal;

import com.github.auties00.libsignal.SignalSessionCipher;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.protocol.SignalCiphertextMessage;
import com.github.auties00.libsignal.protocol.SignalMessage;
import com.github.auties00.libsignal.protocol.SignalPreKeyMessage;
import com.github.auties00.libsignal.state.SignalPreKeyBundleBuilder;
import com.github.auties00.libsignal.state.SignalSessionRecord;
import com.github.auties00.libsignal.state.SignalSessionState;
import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.signal.Decryption.Decrypted;
import dev.heliograph.whatsapp.signal.Decryption.Duplicate;
import dev.heliograph.whatsapp.signal.Decryption.Reason;
import dev.heliograph.whatsapp.signal.Decryption.Undecryptable;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Signal sessions with other devices. What an operation changes is in the records when it has
 * returned a success, and nothing is if it has not. For virtual threads (libsignal computes in
 * parallel at times), one at a time.
 *
 * <p>A device's address is its LID where that is known: sessions under phone number and LID are
 * different ones.
 */
public final class SignalSessions {
  /** Some 400 bytes each; what needs the sixth comes too late, or once more. */
  private static final int MOST_ARCHIVED_STATES = 5;

  private final Credentials credentials;
  private final DeviceSessions sessions;
  private final PreKeys preKeys;
  private final RandomGenerator random;

  /**
   * Sessions over these records.
   *
   * @param random a secure one, outside of tests
   */
  public SignalSessions(Credentials credentials, Records records, RandomGenerator random) {
    this(credentials, records, random, MOST_ARCHIVED_STATES);
  }

  /**
   * Sessions over these records.
   *
   * @param random a secure one, outside of tests
   * @param mostArchived so many earlier states of a session can still decrypt, each of them in its
   *     record; WhatsApp's apps keep 40
   */
  public SignalSessions(
      Credentials credentials, Records records, RandomGenerator random, int mostArchived) {
    this.credentials = credentials;
    this.sessions = new DeviceSessions(records, mostArchived);
    this.preKeys = new PreKeys(records, random);
    this.random = random;
  }

  /**
   * Decrypts and removes the padding. Bytes that make no sense are {@link Undecryptable} like any
   * others.
   */
  public Decryption decrypt(Jid sender, CiphertextType type, ByteString ciphertext) {
    try {
      return switch (type) {
        case PRE_KEY_MESSAGE -> decrypt(sender, SignalCiphertexts.preKeyMessage(ciphertext));
        case MESSAGE -> decrypt(sender, SignalCiphertexts.message(ciphertext));
      };
    } catch (ProtocolException malformed) {
      return new Undecryptable(Reason.MALFORMED);
    }
  }

  /**
   * Pads and encrypts.
   *
   * @throws NoSessionException if there is no session with the device
   */
  public Encrypted encrypt(Jid device, ByteString plaintext) {
    if (!sessions.has(device)) throw new NoSessionException();
    SignalAttempt attempt = attempt(device);
    SignalCiphertextMessage message;
    try {
      message =
          new SignalSessionCipher(attempt)
              .encrypt(attempt.address(), Padding.pad(plaintext, random));
    } catch (RuntimeException | InternalError refused) {
      // Not as its cause: libsignal writes addresses into its messages.
      throw new IllegalStateException("a session does not encrypt: " + refused.getClass());
    }
    attempt.keep();
    CiphertextType type =
        message.type() == SignalCiphertextMessage.PRE_KEY_TYPE
            ? CiphertextType.PRE_KEY_MESSAGE
            : CiphertextType.MESSAGE;
    return new Encrypted(type, ByteString.copyFrom(message.toSerialized()));
  }

  public boolean hasSession(Jid device) {
    return sessions.has(device);
  }

  /**
   * Begins a session for sending; one that was there before can still decrypt.
   *
   * @return whether the device's identity key is another one than before
   * @throws ProtocolException if the keys of the bundle agree on nothing
   */
  public boolean process(Jid device, PreKeyBundle bundle) {
    SignalPreKeyBundleBuilder signalBundle =
        new SignalPreKeyBundleBuilder()
            .registrationId(bundle.registrationId())
            .deviceId(device.device())
            .signedPreKeyId(bundle.signedPreKey().id())
            .signedPreKeyPublic(key(bundle.signedPreKey().publicKey()))
            .signedPreKeySignature(bundle.signature().toByteArray())
            .identityKey(key(bundle.identityKey()));
    bundle
        .findOneTimePreKey()
        .ifPresent(
            preKey -> signalBundle.preKeyId(preKey.id()).preKeyPublic(key(preKey.publicKey())));
    SignalAttempt attempt = attempt(device);
    sessions.find(device); // if it cannot be read, that is not for libsignal to tell
    try {
      new SignalSessionCipher(attempt).process(attempt.address(), signalBundle.build());
    } catch (RuntimeException | InternalError refused) {
      // Not as its cause: libsignal writes addresses into its messages.
      throw new ProtocolException("a bundle that begins no session: " + refused.getClass());
    }
    return attempt.keep();
  }

  /** The identity key of a device, if anything is known of it. */
  public Optional<ByteString> identity(Jid device) {
    return sessions.identity(device);
  }

  /** The registration id that the device had when its session began. */
  public Optional<Integer> registrationId(Jid device) {
    return sessions.find(device).map(session -> session.sessionState().remoteRegistrationId());
  }

  /** Notes a device's identity key before there is a session with it. */
  public void trust(Jid device, ByteString identityKey) {
    sessions.putIdentity(device, identityKey);
  }

  /** Forgets all devices of the user in this addressing: sessions and identity keys. */
  public void forget(Jid user) {
    sessions.remove(user);
  }

  /** The user's LID is known now: its sessions go on under it, unless there are some already. */
  public void migrate(Jid pn, Jid lid) {
    sessions.move(pn, lid);
  }

  private Decryption decrypt(Jid sender, SignalPreKeyMessage message) {
    Optional<SignalSessionRecord> session = sessions.find(sender);
    byte[] baseKey = message.baseKey().toSerialized();
    boolean isKnown =
        session.stream()
            .flatMap(SignalSessions::states)
            .anyMatch(state -> Arrays.equals(baseKey, state.baseKey()));
    // The one-time pre-key of a known session is gone, which is no reason not to know a duplicate.
    if (isKnown) {
      if (isDuplicate(session, message.signalMessage())) return new Duplicate();
    } else if (message.signedPreKeyId() != credentials.signedPreKey().id()) {
      return new Undecryptable(Reason.UNKNOWN_SIGNED_PRE_KEY);
    } else if (message.preKeyId().isPresent() && !preKeys.has(message.preKeyId().getAsInt())) {
      return new Undecryptable(Reason.UNKNOWN_PRE_KEY);
    }
    return decrypted(
        sender, attempt -> new SignalSessionCipher(attempt).decrypt(attempt.address(), message));
  }

  private Decryption decrypt(Jid sender, SignalMessage message) {
    Optional<SignalSessionRecord> session = sessions.find(sender);
    if (session.isEmpty()) return new Undecryptable(Reason.NO_SESSION);
    if (isDuplicate(session, message)) return new Duplicate();
    return decrypted(
        sender, attempt -> new SignalSessionCipher(attempt).decrypt(attempt.address(), message));
  }

  private Decryption decrypted(Jid sender, Step step) {
    SignalAttempt attempt = attempt(sender);
    byte[] padded;
    try {
      padded = step.decrypt(attempt);
    } catch (RuntimeException | InternalError refused) {
      // libsignal says no more than that: whatever is wrong, it throws the same.
      return new Undecryptable(Reason.NO_STATE_FITS);
    }
    ByteString plaintext = Padding.unpad(padded);
    return new Decrypted(plaintext, attempt.keep());
  }

  /**
   * Whether a state has gone past this message and has no key left for it. libsignal would take it
   * for corrupt. A message that only pretends to be an old one gets the same answer; it gains
   * nothing by that.
   */
  private static boolean isDuplicate(Optional<SignalSessionRecord> session, SignalMessage message) {
    return session.stream()
        .flatMap(SignalSessions::states)
        .flatMap(state -> state.findReceiverChain(message.senderRatchetKey()).stream())
        .anyMatch(
            chain ->
                chain.chainKey().index() > message.counter()
                    && !chain.hasMessageKey(message.counter()));
  }

  private static Stream<SignalSessionState> states(SignalSessionRecord session) {
    return Stream.concat(
        Stream.of(session.sessionState()), session.previousSessionStates().stream());
  }

  private static SignalIdentityPublicKey key(ByteString key) {
    return SignalIdentityPublicKey.ofDirect(key.toByteArray());
  }

  private SignalAttempt attempt(Jid device) {
    return new SignalAttempt(credentials, sessions, preKeys, device);
  }

  @FunctionalInterface
  private interface Step {
    byte[] decrypt(SignalAttempt attempt);
  }
}

package dev.heliograph.sandbox.pairing;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.connection.Connection;
import dev.heliograph.sandbox.connection.Role;
import dev.heliograph.sandbox.pairing.Candidate.Offer;
import dev.heliograph.sandbox.pairing.RefusedScanException.Reason;
import dev.heliograph.sandbox.phone.Adv;
import dev.heliograph.sandbox.phone.PhoneIdentity;
import dev.heliograph.sandbox.phone.PhoneKeys;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentity;
import dev.heliograph.sandbox.proto.ClientPayload.DevicePairingRegistrationData;
import dev.heliograph.sandbox.relay.Relay;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Iq;
import dev.heliograph.sandbox.wire.Node;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The clients that want to be linked, and the phones that do it. Belongs to the thread of the
 * turns.
 */
public final class Pairings {
  /** A device number that means "hosted by WhatsApp" everywhere. */
  private static final int HOSTED = 99;

  private static final int RESTART_REQUIRED = 515;

  private final Accounts accounts;
  private final Devices devices;
  private final PhoneKeys phoneKeys;
  private final Relay relay;
  private final InstantSource clock;
  private final Set<Candidate> candidates = new LinkedHashSet<>();

  public Pairings(
      Accounts accounts, Devices devices, PhoneKeys phoneKeys, Relay relay, InstantSource clock) {
    this.accounts = accounts;
    this.devices = devices;
    this.phoneKeys = phoneKeys;
    this.relay = relay;
    this.clock = clock;
  }

  /** Gives a client that is not linked yet its refs. */
  public Role begin(
      Turn turn, Connection connection, ByteString noiseKey, DevicePairingRegistrationData data) {
    Candidate candidate =
        new Candidate(
            this,
            connection,
            Registration.read(noiseKey, data),
            RefSchedule.beginning(clock.instant()));
    candidates.add(candidate);
    turn.afterCommit(candidate::showRefs);
    return candidate;
  }

  /**
   * Does what a phone does when its camera has seen a QR code.
   *
   * @return completed when the companion is linked, or with a {@link RefusedScanException}
   */
  public CompletableFuture<DeviceAddress> scan(Turn turn, Account account, String qrText) {
    QrText qr = QrText.parse(qrText);
    Candidate candidate = shownBy(qr);
    PhoneIdentity phone = phoneKeys.get(account.lid());
    int keyIndex = accounts.countLink(account.lid());
    int number = keyIndex < HOSTED ? keyIndex : keyIndex + 1;
    ADVSignedDeviceIdentity identity =
        Adv.sign(
            phone, candidate.registration().identity().toByteArray(), keyIndex, clock.instant());
    CompletableFuture<DeviceAddress> linked = new CompletableFuture<>();
    candidate.offer(
        turn,
        new Offer(account, new DeviceAddress(account.lid(), number), keyIndex, identity, linked),
        Adv.seal(identity, qr.advSecret().toByteArray()));
    return linked;
  }

  private Candidate shownBy(QrText qr) {
    Candidate candidate =
        candidates.stream()
            .filter(each -> each.refs().refs().contains(qr.ref()))
            .findFirst()
            .orElseThrow(
                () ->
                    new RefusedScanException(
                        Reason.QR_UNKNOWN, "no connected client shows this QR code"));
    if (candidate.isTaken()) {
      throw new RefusedScanException(Reason.QR_USED, "this QR code was scanned before");
    }
    if (!candidate.refs().isShown(qr.ref(), clock.instant())) {
      throw new RefusedScanException(Reason.QR_EXPIRED, "the client shows another QR code now");
    }
    boolean isGenuine =
        candidate.registration().noiseKey().equals(qr.noiseKey())
            && candidate.registration().identity().equals(qr.identity());
    if (!isGenuine) {
      throw new RefusedScanException(
          Reason.QR_FORGED, "the keys in the QR code are not the client's");
    }
    return candidate;
  }

  /** Checks the companion's signature and makes it a device. */
  void complete(Turn turn, Candidate candidate, Offer offer, Node pairDeviceSign) {
    Node answer = pairDeviceSign.requireChild("device-identity");
    Optional<ADVSignedDeviceIdentity> identity =
        answer.text("key-index").equals(Optional.of(Integer.toString(offer.keyIndex())))
            ? Adv.complete(
                offer.identity(), candidate.registration().identity().toByteArray(), answer.bytes())
            : Optional.empty();
    if (identity.isEmpty()) {
      offer
          .linked()
          .completeExceptionally(
              new RefusedScanException(
                  Reason.DEVICE_SIGNATURE_WRONG,
                  "the companion's device identity does not verify"));
      candidate.connection().end(Connection.streamError(401));
      return;
    }
    Device device = device(candidate.registration(), offer, identity.get());
    devices.add(device);
    relay.announceDevice(turn, offer.account(), device, true);
    turn.afterCommit(
        () -> {
          candidate.connection().end(Connection.streamError(RESTART_REQUIRED));
          offer.linked().complete(offer.address());
        });
  }

  private Device device(Registration registration, Offer offer, ADVSignedDeviceIdentity identity) {
    return new Device(
        offer.address(),
        registration.registrationId(),
        registration.identity(),
        registration.signedPreKey(),
        registration.noiseKey(),
        offer.keyIndex(),
        identity.toByteString(),
        registration.name(),
        clock.instant());
  }

  /** What a client may ask before it is linked is only whether we are still here. */
  Node answer(Node iq) {
    return iq.text("xmlns").equals(Optional.of("w:p"))
        ? Iq.result(iq).with("t", clock.instant().getEpochSecond())
        : Iq.error(iq, 401, "not-authorized");
  }

  void forget(Candidate candidate) {
    candidates.remove(candidate);
  }

  /** Closes the connections whose last ref nobody has scanned. */
  public void tick() {
    Instant now = clock.instant();
    candidates.stream()
        .filter(candidate -> candidate.refs().isOver(now) && !candidate.isTaken())
        .forEach(candidate -> candidate.connection().drop());
  }
}

package dev.heliograph.authstate;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.id.Ulids;

/** One pairing of one instance, from its first QR code to its wipe: a ULID. */
public record PairingId(String value) {
  public PairingId {
    Ulids.check("", value);
  }

  /** A new one. */
  public static PairingId draw(IdGenerator ids) {
    return new PairingId(ids.ulid());
  }

  @Override
  public String toString() {
    return value;
  }
}

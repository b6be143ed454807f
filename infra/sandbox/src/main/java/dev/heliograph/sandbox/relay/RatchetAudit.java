package dev.heliograph.sandbox.relay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.crypto.Digest;
import dev.heliograph.sandbox.fault.Defect;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.proto.SignalPreKeyWhisperMessage;
import dev.heliograph.sandbox.proto.SignalWhisperMessage;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.wire.Node;
import java.util.Arrays;

/**
 * Sees from outside whether a client has used a step of a ratchet twice: the ratchet key and
 * counter of a Signal message are in clear, and one place must not hold two ciphertexts. WhatsApp
 * does not look; a client that loses state is caught here.
 */
final class RatchetAudit {
  private static final int MAC_LENGTH = 8;

  private final Database database;
  private final Defects defects;

  RatchetAudit(Database database, Defects defects) {
    this.database = database;
    this.defects = defects;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS ratchet_steps (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          to_lid TEXT NOT NULL,
          to_device INTEGER NOT NULL,
          ratchet_key BLOB NOT NULL,
          counter INTEGER NOT NULL,
          hash BLOB NOT NULL,
          t INTEGER NOT NULL,
          PRIMARY KEY (lid, device, to_lid, to_device, ratchet_key, counter)) WITHOUT ROWID
        """);
  }

  void look(DeviceAddress sender, DeviceAddress to, String messageId, Node enc, long now) {
    try {
      byte[] whisper = whisperMessage(enc);
      SignalWhisperMessage step =
          SignalWhisperMessage.parseFrom(
              Arrays.copyOfRange(whisper, 1, whisper.length - MAC_LENGTH));
      byte[] hash = Digest.sha256(whisper);
      byte[] first =
          database
              .find(
                  """
                  INSERT INTO ratchet_steps VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                  ON CONFLICT DO UPDATE SET t = t RETURNING hash
                  """,
                  row -> row.getBytes(1),
                  sender.lid(),
                  sender.device(),
                  to.lid(),
                  to.device(),
                  step.getRatchetKey().toByteArray(),
                  step.getCounter(),
                  hash,
                  now)
              .orElseThrow();
      if (!Arrays.equals(first, hash)) {
        defects.record(sender, Defect.RATCHET_STEP_REUSED, messageId);
      }
    } catch (InvalidProtocolBufferException
        | IndexOutOfBoundsException
        | IllegalArgumentException malformed) {
      defects.record(sender, Defect.CIPHERTEXT_MALFORMED, messageId);
    }
  }

  private static byte[] whisperMessage(Node enc) throws InvalidProtocolBufferException {
    byte[] ciphertext = enc.bytes();
    return enc.requireText("type").equals("pkmsg")
        ? SignalPreKeyWhisperMessage.parseFrom(Arrays.copyOfRange(ciphertext, 1, ciphertext.length))
            .getMessage()
            .toByteArray()
        : ciphertext;
  }
}

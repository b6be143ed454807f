package dev.heliograph.sandbox.relay;

import dev.heliograph.sandbox.crypto.Digest;
import dev.heliograph.sandbox.wire.Jid;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.stream.Collectors;

/** The short name of a set of devices, by which two sides see that their lists differ. */
public final class ParticipantsHash {
  private ParticipantsHash() {}

  public static String of(Collection<Jid> devices) {
    String text =
        devices.stream()
            // The 0 is where agents used to be.
            .map(jid -> jid.user() + ".0:" + jid.device() + "@" + jid.server())
            .sorted()
            .collect(Collectors.joining());
    byte[] hash = Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
    return "2:" + Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 6));
  }
}

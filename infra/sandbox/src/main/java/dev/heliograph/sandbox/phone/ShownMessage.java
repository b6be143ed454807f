package dev.heliograph.sandbox.phone;

import dev.heliograph.sandbox.account.DeviceAddress;
import org.jspecify.annotations.Nullable;

/**
 * A message that a phone decrypted.
 *
 * @param chat the LID of whom the conversation is with
 * @param text absent if the message has none
 * @param deviceSent whether it is a companion's copy of what the account itself sent
 * @param retry the count of the resend that it came by; 0 for the first sending
 * @param timestamp the server's, in Unix seconds
 */
public record ShownMessage(
    String id,
    DeviceAddress from,
    String chat,
    @Nullable String text,
    boolean deviceSent,
    boolean peer,
    int retry,
    long timestamp) {
  @Override
  public String toString() {
    return "ShownMessage[" + id + "]";
  }
}

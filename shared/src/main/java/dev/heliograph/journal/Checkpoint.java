package dev.heliograph.journal;

import dev.heliograph.instance.InstanceId;

/**
 * The fold of an instance's entries up to one of them, written when all that follows from them is.
 *
 * @param upto the last entry that is folded in
 * @param state JSON, no secrets in it
 */
public record Checkpoint(InstanceId instance, long upto, String state) {
  @Override
  public String toString() {
    return "Checkpoint[" + instance + " " + upto + "]";
  }
}

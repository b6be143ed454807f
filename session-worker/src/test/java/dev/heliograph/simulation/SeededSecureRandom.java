package dev.heliograph.simulation;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** What draws keys and nonces in a run: as repeatable as everything else. */
final class SeededSecureRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final transient RandomGenerator random;

  SeededSecureRandom(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }

  @Override
  public int nextInt() {
    return random.nextInt();
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}

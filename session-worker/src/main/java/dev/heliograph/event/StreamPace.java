package dev.heliograph.event;

import java.time.Duration;

/**
 * How often a stream does what it does again and again.
 *
 * @param poll between two looks for events, when there was none
 * @param heartbeat the longest that nothing is sent: proxies close what is silent for a minute
 * @param keyCheck between two looks whether the key is still one
 */
record StreamPace(Duration poll, Duration heartbeat, Duration keyCheck) {
  static final StreamPace DEFAULT =
      new StreamPace(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(20));
}

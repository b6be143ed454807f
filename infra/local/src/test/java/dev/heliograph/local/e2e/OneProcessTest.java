package dev.heliograph.local.e2e;

/** {@code heliograph local --sandbox}, as a newcomer starts it. */
class OneProcessTest extends EndToEnd {
  @Override
  Gateway adapt(Gateway commands) {
    return commands;
  }

  @Override
  void startWorker(Gateway commands) {}

  @Override
  void stopWorker() {}
}

package dev.heliograph.function;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handler that does before Lambda takes SnapStart's snapshot what its first call would otherwise
 * have to: load classes, build signers, look a queue up. Every copy of the function begins with
 * that snapshot, days later and beside others: it may hold nothing that is drawn, read from a
 * clock, or expires.
 */
public interface Primed extends Resource {
  /** Goes the ways of a call with the function's own permissions; once more does no harm. */
  void prime();

  /** Asks Lambda to be told of the snapshot. It forgets a handler that nobody else refers to. */
  default void awaitSnapshot() {
    Core.getGlobalContext().register(this);
  }

  /**
   * What fails here costs the first calls some milliseconds; thrown, it would fail a deployment.
   */
  @Override
  default void beforeCheckpoint(Context<? extends Resource> context) {
    Logger log = LoggerFactory.getLogger(getClass());
    try {
      prime();
      log.atInfo().log("primed");
    } catch (RuntimeException failure) {
      log.atWarn().setCause(failure).log("not primed");
    }
  }

  /** Connections are tried before they are used, credentials are the SDK's: nothing is stale. */
  @Override
  default void afterRestore(Context<? extends Resource> context) {}
}

package dev.heliograph.sandbox.wire;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the sandbox calls its own fault while a test runs. */
final class ErrorLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.heliograph.sandbox");
  private final List<String> errors = new CopyOnWriteArrayList<>();

  ErrorLog() {
    start();
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      errors.add(event.getMessage() + ": " + event.getThrowableProxy());
    }
  }

  List<String> errors() {
    return errors;
  }

  @Override
  public void close() {
    logger.detachAppender(this);
  }
}

package dev.heliograph.function;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class logs until this is closed. */
public final class LoggedLines implements AutoCloseable {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger;

  public LoggedLines(Class<?> of) {
    logger = (Logger) LoggerFactory.getLogger(of);
    lines.start();
    logger.addAppender(lines);
  }

  /** Their levels, in the order of the lines. */
  public List<Level> levels() {
    return lines.list.stream().map(ILoggingEvent::getLevel).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
  }
}

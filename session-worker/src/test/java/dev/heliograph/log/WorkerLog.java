package dev.heliograph.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** What a worker's process writes for an event, by the configuration that it runs with. */
public final class WorkerLog {
  private final LoggerContext context = new LoggerContext();
  private final ConsoleAppender<ILoggingEvent> console;

  /** With these variables set. */
  public WorkerLog(Map<String, String> variables) throws JoranException {
    context.setMDCAdapter(new LogbackMDCAdapter());
    variables.forEach(context::putProperty);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(WorkerLog.class.getResource("worker.xml")));
    console =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
  }

  /** The logger of this name. */
  public Logger logger(String name) {
    return context.getLogger(name);
  }

  /** The line that is written, or the lines. */
  public String line(ILoggingEvent event) {
    return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
  }
}

package dev.heliograph.config;

import java.util.List;

/** The environment is not one that this process can start with. */
public final class ConfigurationException extends RuntimeException {
  /** One problem per variable, each beginning with its name; values are not quoted. */
  ConfigurationException(List<String> problems) {
    super("invalid configuration:\n  " + String.join("\n  ", problems));
  }
}

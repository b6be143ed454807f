package dev.heliograph.sandbox.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A call that the control API knows.
 *
 * @param path such as {@code /phones/{msisdn}}
 * @param fields what its body may have
 */
public record Route(String method, String path, Set<String> fields, Action action) {
  /** A call without a body. */
  Route(String method, String path, Action action) {
    this(method, path, Set.of(), action);
  }

  /** Does it, in a turn. The answer may come later than the turn's commit, never before. */
  @FunctionalInterface
  interface Action {
    CompletableFuture<Reply> handle(Request request);
  }

  /** The routes that belong together. */
  interface Group {
    List<Route> routes();
  }

  /** What stands for the names in braces, if this is the path. */
  Optional<Map<String, String>> match(String actual) {
    List<String> wanted = List.of(path.split("/", -1));
    List<String> given = List.of(actual.split("/", -1));
    if (wanted.size() != given.size()) {
      return Optional.empty();
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i).startsWith("{")) {
        names.put(wanted.get(i).substring(1, wanted.get(i).length() - 1), given.get(i));
      } else if (!wanted.get(i).equals(given.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }
}

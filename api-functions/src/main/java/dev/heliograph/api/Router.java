package dev.heliograph.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what answers a request. */
final class Router<A> {
  private final List<Route<A>> routes = new ArrayList<>();

  /**
   * One line of the table.
   *
   * @param path its segments in braces match anything but nothing, and are handed on by their names
   */
  record Route<A>(String method, String path, A action) {
    /** What stands where the braces are, if the path is this route's. */
    private Optional<Map<String, String>> match(String actual) {
      String[] pattern = path.split("/", -1);
      String[] segments = actual.split("/", -1);
      if (pattern.length != segments.length) {
        return Optional.empty();
      }
      Map<String, String> parameters = new HashMap<>();
      for (int i = 0; i < pattern.length; i++) {
        if (pattern[i].startsWith("{") && !segments[i].isEmpty()) {
          parameters.put(pattern[i].substring(1, pattern[i].length() - 1), segments[i]);
        } else if (!pattern[i].equals(segments[i])) {
          return Optional.empty();
        }
      }
      return Optional.of(parameters);
    }
  }

  /** A route that was found, with what its path says. */
  record Match<A>(A action, PathParameters path) {}

  /** Adds a line to the table. */
  Router<A> on(String method, String path, A action) {
    routes.add(new Route<>(method, path, action));
    return this;
  }

  /**
   * Finds the route.
   *
   * @throws ApiException 404 if there is no such path, 405 if it does not take the method
   */
  Match<A> find(String method, String path) {
    List<String> allowed = new ArrayList<>();
    for (Route<A> route : routes) {
      Optional<Map<String, String>> parameters = route.match(path);
      if (parameters.isPresent()) {
        if (route.method().equals(method)) {
          return new Match<>(route.action(), new PathParameters(parameters.get()));
        }
        allowed.add(route.method());
      }
    }
    if (allowed.isEmpty()) {
      throw ApiException.notFound("not_found", "There is nothing at this path.");
    }
    throw ApiException.methodNotAllowed(allowed.stream().collect(Collectors.joining(", ")));
  }

  /** Every line, as {@code METHOD /path}. */
  List<String> lines() {
    return routes.stream().map(route -> route.method() + " " + route.path()).toList();
  }
}

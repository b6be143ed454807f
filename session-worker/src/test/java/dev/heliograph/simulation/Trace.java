package dev.heliograph.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What happened in a run, line by line, to be read when it failed. */
final class Trace {
  private static final int SHOWN = 400;

  private final List<Line> lines = new ArrayList<>();
  private long hash;

  private record Line(long nanos, String who, String what) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,11.3f ms  %-9s %s", nanos / 1e6, who, what);
    }
  }

  void add(long nanos, String who, String what) {
    lines.add(new Line(nanos, who, what));
    hash = 31 * (31 * (31 * hash + nanos) + who.hashCode()) + what.hashCode();
  }

  /** The same for runs in which the same happened. */
  long hash() {
    return hash;
  }

  /** The end of it, where the reason mostly lies. */
  @Override
  public String toString() {
    int first = Math.max(0, lines.size() - SHOWN);
    String skipped = first == 0 ? "" : "  (" + first + " lines before)\n";
    return lines.subList(first, lines.size()).stream()
        .map(Line::toString)
        .collect(Collectors.joining("\n", skipped, "\n"));
  }
}

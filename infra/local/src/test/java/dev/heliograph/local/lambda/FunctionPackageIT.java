package dev.heliograph.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is uploaded to Lambda. */
class FunctionPackageIT {
  private static final Path ROOT = Path.of("../..");

  /** A cold start reads all of it. Raise it knowingly, with a reason in the commit. */
  private static final long BUDGET = 15_000_000;

  private final FunctionPackage functions = FunctionPackage.in(ROOT);

  @Test
  void itIsSmall() throws IOException {
    assertThat(functions.bytes()).isLessThan(BUDGET);
  }

  @Test
  void whatWasBuiltAgainIsTheSame() throws IOException {
    List<ZipEntry> entries = functions.entries();

    // What differs between two builds of the same sources: times, and the order of a folder.
    assertThat(entries)
        .extracting(ZipEntry::getTimeLocal)
        .containsOnly(LocalDateTime.of(2026, 1, 1, 0, 0));
    assertThat(entries).extracting(ZipEntry::getName).doesNotHaveDuplicates();
  }

  @Test
  void itHoldsItsClassesAndWhatTheyNeedAndNothingElse() throws IOException {
    List<String> names =
        functions.entries().stream()
            .filter(entry -> !entry.isDirectory())
            .map(ZipEntry::getName)
            .toList();

    assertThat(names)
        .allMatch(name -> name.equals("logback.xml") || name.matches("lib/[^/]+\\.jar"))
        .contains("logback.xml")
        .anyMatch(name -> name.startsWith("lib/heliograph-api-functions-"))
        .anyMatch(name -> name.startsWith("lib/url-connection-client-"));
    for (String unwanted :
        List.of(
            "netty", "apache5-client", "DynamoDBLocal", "elasticmq", "junit", "vertx", "sandbox")) {
      assertThat(names).noneMatch(name -> name.contains(unwanted));
    }
  }
}

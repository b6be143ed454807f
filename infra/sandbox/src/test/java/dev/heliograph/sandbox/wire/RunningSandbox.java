package dev.heliograph.sandbox.wire;

import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One sandbox for all tests of a class, with a clock that tests move. */
public final class RunningSandbox implements BeforeAllCallback, AfterAllCallback, InstantSource {
  private volatile Duration ahead = Duration.ZERO;
  private @Nullable Path folder;
  private @Nullable Sandbox sandbox;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("sandbox");
    sandbox = Sandbox.start(SandboxOptions.in(folder).withClock(this));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    get().close();
    try (Stream<Path> files = Files.walk(Optional.ofNullable(folder).orElseThrow())) {
      files.sorted(Comparator.reverseOrder()).forEach(RunningSandbox::delete);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  Sandbox get() {
    return Optional.ofNullable(sandbox).orElseThrow();
  }

  ControlClient control() {
    return new ControlClient(get().controlUri());
  }

  WireClient register(Companion companion) {
    return WireClient.open(
        get().webSocketUri(), get().rootKey(), companion.noise, companion.registration().build());
  }

  Linked link(String msisdn) {
    return Linked.link(get().webSocketUri(), get().rootKey(), control(), msisdn);
  }
}

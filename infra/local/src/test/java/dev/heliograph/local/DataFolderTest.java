package dev.heliograph.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
  private static final Map<String, String> VARIABLES = Map.of("AWS_REGION", "us-east-1");

  @TempDir Path parent;

  private DataFolder folder = new DataFolder(Path.of("set before each test"));

  @BeforeEach
  void name() {
    folder = new DataFolder(parent.resolve("data"));
  }

  @Test
  void oneProcessHasItAtATime() throws Exception {
    try (DataFolder.Claim _ = folder.claim().orElseThrow()) {
      assertThat(folder.claim()).isEmpty();
    }
    try (DataFolder.Claim again = folder.claim().orElseThrow()) {
      assertThat(again).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyElseCanLookInside(boolean wasThere) throws Exception {
    if (wasThere) {
      Files.createDirectory(folder.path());
      Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    try (DataFolder.Claim _ = folder.claim().orElseThrow()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void whatAnotherHasPublishedIsFoundWhileItHasTheFolder() throws Exception {
    assertThat(folder.publishedByOther()).isEmpty();
    try (DataFolder.Claim _ = folder.claim().orElseThrow()) {
      folder.publish(VARIABLES);

      assertThat(folder.publishedByOther()).hasValue(VARIABLES);
    }
    assertThat(folder.publishedByOther()).isEmpty();
  }

  @Test
  void whoStartsIsWaitedFor() throws Exception {
    try (DataFolder.Claim _ = folder.claim().orElseThrow()) {
      folder.withdraw();

      assertThatThrownBy(folder::publishedByOther).isInstanceOf(CannotStartException.class);
    }
  }

  @Test
  void whatWasPublishedHalfIsNothing() throws Exception {
    try (DataFolder.Claim _ = folder.claim().orElseThrow()) {
      folder.publish(VARIABLES);
      assertThat(folder.withdraw()).hasValue(VARIABLES);
      assertThat(folder.withdraw()).isEmpty();
      Files.writeString(folder.path().resolve("deployment.json"), "{\"AWS_REG");

      assertThat(folder.withdraw()).isEmpty();
    }
  }

  @Test
  void aWipeLeavesWhatIsNotOurs() throws Exception {
    try (DataFolder.Claim _ = folder.claim().orElseThrow()) {
      Files.createDirectories(folder.dynamoDb().resolve("deeper"));
      Files.writeString(folder.streamPositions(), "{}");
      Path letter = Files.writeString(folder.path().resolve("letter.txt"), "not ours");

      folder.wipe();

      try (Stream<Path> left = Files.list(folder.path())) {
        assertThat(left).containsExactlyInAnyOrder(letter, folder.path().resolve("lock"));
      }
    }
  }

  @Test
  void aSecretStaysTheSame() throws Exception {
    try (DataFolder.Claim _ = folder.claim().orElseThrow()) {
      assertThat(folder.webhookSecretKey()).isEqualTo(folder.webhookSecretKey());
      assertThat(folder.webhookSecretKey().value()).matches("[0-9a-f]{64}");
    }
  }

  @Test
  void theSandboxsNumbersAreNotShownToWhatsAppNorTheOtherWayRound() throws Exception {
    DataFolder sandboxs = new DataFolder(parent.resolve("sandboxs"));
    DataFolder real = new DataFolder(parent.resolve("real"));
    try (DataFolder.Claim _ = sandboxs.claim().orElseThrow();
        DataFolder.Claim _ = real.claim().orElseThrow()) {
      sandboxs.belongsTo(true);
      sandboxs.belongsTo(true);
      real.belongsTo(false);

      assertThatThrownBy(() -> sandboxs.belongsTo(false))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContaining("with --sandbox")
          .hasMessageContaining("--reset");
      assertThatThrownBy(() -> real.belongsTo(true))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContaining("without --sandbox");
      sandboxs.wipe();
      sandboxs.belongsTo(false);
    }
  }

  @Test
  void aFileIsNoFolderAndIsLeftAsItIs() throws Exception {
    Path file = Files.writeString(parent.resolve("pom.xml"), "mine");

    assertThatThrownBy(() -> new DataFolder(file).claim())
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("no folder");

    assertThat(file).hasContent("mine");
  }
}

package dev.heliograph.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.local.aws.LocalAws;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class KeyCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aKeyMadeWhileNothingRunsIsOneOfTheAccount() throws Exception {
    assertThat(run("key", "new", "--data", folder.toString())).isZero();
    ApiKey first = printed();
    assertThat(run("key", "new", "--data", folder.toString())).isZero();
    ApiKey second = printed();

    try (LocalAws aws =
            LocalAws.start(new DataFolder(folder).dynamoDb(), 0, 0, LocalDeployment.PREFIX);
        DynamoDbClient dynamoDb = aws.addresses().dynamoDbClient()) {
      Accounts accounts = accounts(dynamoDb);
      assertThat(accounts.owner(first)).isPresent().isEqualTo(accounts.owner(second));
      assertThat(accounts.customers()).hasSize(1);
    }
  }

  @Test
  void aKeyThatWasRevokedIsNobodys() throws Exception {
    assertThat(run("key", "new", "--data", folder.toString())).isZero();
    ApiKey kept = printed();
    assertThat(run("key", "new", "--data", folder.toString())).isZero();
    ApiKey revoked = printed();

    assertThat(run("key", "revoke", revoked.text(), "--data", folder.toString())).isZero();

    assertThat(run("key", "revoke", revoked.text(), "--data", folder.toString()))
        .isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString()).contains("there is no such key").doesNotContain(revoked.text());
    try (LocalAws aws =
            LocalAws.start(new DataFolder(folder).dynamoDb(), 0, 0, LocalDeployment.PREFIX);
        DynamoDbClient dynamoDb = aws.addresses().dynamoDbClient()) {
      assertThat(accounts(dynamoDb).owner(revoked)).isEmpty();
      assertThat(accounts(dynamoDb).owner(kept)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"new", "revoke hg_1"})
  void aFolderThatThereIsNotIsNotMade(String command) {
    Path misspelt = folder.resolve("misspelt");

    assertThat(run(("key " + command + " --data " + misspelt).split(" ")))
        .isEqualTo(CommandLine.ExitCode.SOFTWARE);

    assertThat(misspelt).doesNotExist();
  }

  @Test
  void anUnknownCommandIsAMistakeOfTheCaller() {
    assertThat(run("lokal")).isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private ApiKey printed() {
    return ApiKey.parse(out.toString().strip()).orElseThrow();
  }

  private static Accounts accounts(DynamoDbClient dynamoDb) {
    return new Accounts(
        dynamoDb, LocalDeployment.PREFIX, IdGenerator.random(), InstantSource.system());
  }
}

package dev.heliograph.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is stored of a session is held by golden files: it is read for as long as entries live. */
class FactJsonTest {
  private static final Instant AT = Instant.parse("2026-05-01T12:34:56.789Z");
  private static final PairingId PAIRING = new PairingId("01JTEST0000000000000000001");
  private static final MessageId MESSAGE = new MessageId("msg_01JTEST0000000000000000002");
  private static final MessageId ANOTHER = new MessageId("msg_01JTEST0000000000000000004");

  /** One of each, in an order in which they could come. */
  private static final List<Fact> EACH =
      List.of(
          new Fact.Opened("01JTEST0000000000000000003", 7),
          new Fact.StatusChanged(InstanceStatus.CONNECTING, null, null, AT, null),
          new Fact.StatusChanged(InstanceStatus.QR, null, null, AT, null),
          new Fact.QrShown("ref,noise,identity,secret,1", AT.plusSeconds(60), 1),
          new Fact.Paired(PAIRING, "6281100001", "1234567@lid"),
          new Fact.PairingConfirmed(),
          new Fact.StatusChanged(
              InstanceStatus.DISCONNECTED,
              StatusReason.CONNECTION_LOST,
              3L,
              AT,
              AT.minusSeconds(1)),
          new Fact.WishUsed(4),
          new Fact.RatchetsDropped(5),
          new Fact.Received(MESSAGE, 0),
          new Fact.RetryAsked(MESSAGE, 2),
          new Fact.Sending(MESSAGE, "3EB0AA", 0, AT),
          new Fact.Replayed(MESSAGE),
          new Fact.Refused(ANOTHER),
          new Fact.RetryAnswered(MESSAGE, "3EB0AA", "1234567:2@lid", 1, 1),
          new Fact.AnswerAcked(MESSAGE),
          new Fact.Sent(MESSAGE, AT),
          new Fact.Raised(MESSAGE, MessageStatus.DELIVERED, AT),
          new Fact.Failed(MESSAGE, "outcome_unknown", AT),
          new Fact.Noted(ANOTHER),
          new Fact.PairingEnded(PAIRING),
          new Fact.Deleted());

  @Test
  void factsAreStoredAsTheGoldenFileSays() throws IOException {
    assertThat(FactJson.write(EACH)).isEqualTo(golden("facts.json"));
    assertThat(FactJson.read(golden("facts.json"))).isEqualTo(EACH);
  }

  @Test
  void theGoldenFileHasEveryKindOfFact() {
    assertThat(EACH.stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Fact.class.getPermittedSubclasses());
  }

  @Test
  void aStateIsStoredAsTheGoldenFileSays() throws IOException {
    SessionState state = new SessionState();
    state.apply(0, new Fact.Sending(ANOTHER, "3EB0BB", 0, AT)); // only what was sent is refused
    long seq = 0;
    for (Fact fact : EACH.subList(0, EACH.size() - 6)) {
      state.apply(++seq, fact);
    }
    state.count(5);

    assertThat(FactJson.write(state)).isEqualTo(golden("session-state.json"));
    assertThat(FactJson.readState(golden("session-state.json")))
        .usingRecursiveComparison()
        .isEqualTo(state);
  }

  @Test
  void factsOfANewerVersionAreReadAsFarAsTheyAreKnown() {
    assertThat(FactJson.read("[{\"wish_used\":{\"wish\":4,\"colour\":\"red\"}}]"))
        .containsExactly(new Fact.WishUsed(4));
  }

  @Test
  void aKindOfFactThatNobodyKnowsHereIsRefused() {
    assertThatThrownBy(() -> FactJson.read("[{\"flew_to_the_moon\":{}}]"))
        .isInstanceOf(UnreadableJournalException.class);
  }

  @Test
  void aCheckpointOfANewerFormatIsRefused() {
    assertThat(FactJson.readState("{\"epoch\":7}").epoch()).isEqualTo(7); // before there were any
    assertThatThrownBy(() -> FactJson.readState("{\"epoch\":7,\"format\":2}"))
        .isInstanceOf(UnreadableJournalException.class);
  }

  @Test
  void whatCannotBeReadIsNotQuoted() {
    assertThat(catchThrowable(() -> FactJson.read("[{\"qr_shown\":{\"raw\":[\"a secret\"]}}]")))
        .isInstanceOf(UnreadableJournalException.class)
        .satisfies(
            thrown ->
                assertThat(
                        Arrays.toString(
                            new String[] {thrown.getMessage(), String.valueOf(thrown.getCause())}))
                    .doesNotContain("a secret"));
  }

  private static String golden(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(FactJsonTest.class.getResourceAsStream("/golden/" + name), name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}

package dev.heliograph.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.bench.chaos.Ledger.Direction;
import dev.heliograph.bench.chaos.Ledger.Entry;
import dev.heliograph.bench.deployment.LinkedNumber;
import dev.heliograph.json.Json;
import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.local.e2e.WebhookReceiver.Delivery;
import dev.heliograph.sandbox.baileys.BaileysClient.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One text each way, of which everything is as it should be, and then something is not. */
class AuditTest {
  private static final LinkedNumber NUMBER =
      new LinkedNumber(new Paired("inst_1", "628110001", 1), "100001");
  private static final String FRIEND = "628110002";

  private final Ledger ledger = new Ledger();
  private final Inbox inbox = new Inbox();
  private final FaultLog faults = new FaultLog();
  private final Map<String, Integer> shown = new HashMap<>(Map.of("OUT 1", 1, "IN 2", 1));
  private final Map<String, Integer> copies = new HashMap<>(Map.of("OUT 1", 1));
  private final List<Received> baileys = new ArrayList<>(List.of(read("ID1", "OUT 1")));
  private int givenAgain;
  private int retryReceipts;
  private final Map<String, Integer> answeredTwice = new HashMap<>();
  private boolean dedup = true;
  private int sequence;

  @BeforeEach
  void chat() {
    comes("instance.connected", "", "");
    ledger.accepted(new Entry(Direction.OUT, NUMBER, FRIEND, "OUT 1"));
    comes("message.sent", "OUT 1", "");
    comes("message.delivered", "OUT 1", "");
    ledger.accepted(new Entry(Direction.IN, NUMBER, FRIEND, "IN 2"));
    comes("message.received", "IN 2", "");
  }

  private void comes(String type, String subject, String reason) {
    sequence++;
    comes("evt_" + sequence, type, subject, reason);
  }

  private void comes(String id, String type, String subject, String reason) {
    ObjectNode data = Json.object().put("reason", reason);
    if (type.equals("message.received")) {
      data.set("body", Json.object().put("type", "text").put("text", subject));
    } else {
      data.put("client_ref", subject);
    }
    ObjectNode event =
        Json.object().put("type", type).put("instance_id", "inst_1").put("sequence", sequence);
    event.set("data", data);
    inbox.add(new Delivery(id, event));
  }

  private static Received read(String id, String text) {
    return new Received(id, "100001@lid", null, false, text, false, false);
  }

  private static Received unreadable(String id) {
    return new Received(id, "100001@lid", null, false, null, true, false);
  }

  /** The server gives it again, and Baileys cannot read it, asks and gets an answer. */
  private void isRepeatedAtBaileys(String id, String text) {
    givenAgain++;
    retryReceipts++;
    answeredTwice.merge(id, 2, Integer::sum);
    baileys.add(unreadable(id));
    baileys.add(read(id, text));
  }

  /** Each retry receipt is counted where it was sent and where it came. */
  private Audit audit() {
    BaileysScreen screen = new BaileysScreen(baileys, givenAgain, retryReceipts, answeredTwice);
    int acked = answeredTwice.values().stream().mapToInt(Integer::intValue).sum();
    Phones phones =
        new Phones(
            shown,
            copies,
            0,
            givenAgain,
            2L * retryReceipts,
            Map.of("answered_twice", acked),
            0,
            Map.of(FRIEND, screen));
    return new Audit(ledger, inbox, phones, faults, dedup);
  }

  private List<String> figures(Predicate<Figure> wanted) {
    return audit().figures().stream()
        .filter(wanted)
        .map(figure -> figure.name() + " " + figure.value())
        .toList();
  }

  private List<String> defects() {
    return figures(Figure::isDefect);
  }

  private List<String> repeats() {
    return figures(figure -> figure.name().startsWith("Baileys: ") && figure.value() != 0);
  }

  @Test
  void whatIsWhereItBelongsIsNoDefect() {
    assertThat(defects()).isEmpty();
  }

  @Test
  void aTextThatNoPhoneShowsIsLost() {
    shown.remove("OUT 1");

    assertThat(defects()).containsExactly("lost 1");
  }

  @Test
  void aTextThatAnyDeviceDoesNotShowIsLost() {
    copies.clear();
    baileys.clear();

    assertThat(defects()).containsExactly("lost on the sender's own phone 1", "lost on Baileys 1");
  }

  @Test
  void aTextWithoutAnEventIsLost() {
    ledger.accepted(new Entry(Direction.IN, NUMBER, FRIEND, "IN 4"));

    assertThat(defects()).containsExactly("lost 1");
  }

  @Test
  void aTextThatFailedIsNotLost() {
    ledger.accepted(new Entry(Direction.OUT, NUMBER, FRIEND, "OUT 3"));
    comes("message.failed", "OUT 3", "outcome_unknown");

    assertThat(defects()).containsExactly("outcome unknown 1");
  }

  @Test
  void anOutcomeThatNobodyHearsOfIsLost() {
    ledger.accepted(new Entry(Direction.OUT, NUMBER, FRIEND, "OUT 3"));
    shown.put("OUT 3", 1);
    copies.put("OUT 3", 1);
    baileys.add(read("ID3", "OUT 3"));
    comes("message.sent", "OUT 3", "");

    assertThat(defects()).containsExactly("lost message.sent, message.delivered 1");
  }

  @Test
  void aTextThatIsShownAgainIsDoubled() {
    shown.put("OUT 1", 3);
    copies.put("OUT 1", 2);

    assertThat(defects()).containsExactly("doubled on phones 3");
  }

  @Test
  void whatBaileysDoesWithARepeatIsCountedApart() {
    dedup = false;
    isRepeatedAtBaileys("ID1", "OUT 1");
    isRepeatedAtBaileys("ID1", "OUT 1");

    assertThat(defects()).isEmpty();
    assertThat(audit().findings()).isEmpty();
    assertThat(repeats())
        .containsExactly(
            "Baileys: what it was given again and could not read 2",
            "Baileys: what it was given again and asked for 2",
            "Baileys: what it was given again and showed once more 2",
            "Baileys: what it was given again and acked after its receipt 4");
  }

  @Test
  void aRepeatedAnswerIsARepeatThatThePhoneIsNotGiven() {
    dedup = false;
    isRepeatedAtBaileys("ID1", "OUT 1");
    baileys.add(unreadable("ID1"));

    assertThat(defects()).isEmpty();
  }

  @Test
  void whatBeginsASessionIsRefusedWithoutAWord() {
    dedup = false;
    givenAgain = 1;
    answeredTwice.put("ID1", 1);

    assertThat(defects()).isEmpty();
    assertThat(repeats())
        .containsExactly("Baileys: what it was given again and acked after its receipt 1");
  }

  @Test
  void twoAnswersToWhatWasGivenOnceAreADefect() {
    dedup = false;
    answeredTwice.put("ID1", 1);
    assertThat(defects()).containsExactly("defects that the sandbox counted 1");

    givenAgain = 1;
    answeredTwice.put("ID2", 1);
    assertThat(defects()).containsExactly("defects that the sandbox counted 1");
  }

  @Test
  void whereTheServerDropsRepeatsBaileysMustShowNone() {
    isRepeatedAtBaileys("ID1", "OUT 1");

    assertThat(defects())
        .containsExactly(
            "doubled on phones 1",
            "undecryptable 1",
            "retry receipts 2",
            "defects that the sandbox counted 2");
    assertThat(repeats()).isEmpty();
  }

  @Test
  void aTextThatBaileysShowsUnderTwoIdsIsDoubledBesideARepeat() {
    dedup = false;
    isRepeatedAtBaileys("ID1", "OUT 1");
    baileys.add(read("ID2", "OUT 1"));

    assertThat(defects()).containsExactly("doubled on phones 1");
  }

  @Test
  void aTextThatBaileysCanReadTwiceIsDoubled() {
    dedup = false;
    isRepeatedAtBaileys("ID1", "OUT 1");
    baileys.add(read("ID1", "OUT 1"));

    assertThat(defects()).containsExactly("doubled on phones 1");
  }

  @Test
  void anotherTextUnderARepeatedIdIsNoRepeat() {
    dedup = false;
    isRepeatedAtBaileys("ID1", "OUT 3");
    baileys.add(read("ID3", "OUT 3"));

    assertThat(defects()).containsExactly("doubled on phones 1");
  }

  @Test
  void whatBaileysCannotReadTheFirstTimeIsNoRepeat() {
    dedup = false;
    baileys.clear();
    isRepeatedAtBaileys("ID1", "OUT 1");
    answeredTwice.clear();

    assertThat(defects()).containsExactly("undecryptable 1", "retry receipts 2");
  }

  @Test
  void whatBaileysNeverShowsIsLostHoweverOftenItIsGiven() {
    dedup = false;
    baileys.clear();
    givenAgain = 1;
    baileys.add(unreadable("ID1"));

    assertThat(defects()).containsExactly("lost on Baileys 1", "undecryptable 1");
  }

  @Test
  void moreIdsThanWereGivenAgainAreNoRepeats() {
    dedup = false;
    ledger.accepted(new Entry(Direction.OUT, NUMBER, FRIEND, "OUT 3"));
    shown.put("OUT 3", 1);
    copies.put("OUT 3", 1);
    comes("message.sent", "OUT 3", "");
    comes("message.delivered", "OUT 3", "");
    baileys.add(read("ID3", "OUT 3"));
    isRepeatedAtBaileys("ID1", "OUT 1");
    isRepeatedAtBaileys("ID3", "OUT 3");
    givenAgain = 1;

    assertThat(defects())
        .containsExactly(
            "doubled on phones 1",
            "undecryptable 1",
            "retry receipts 2",
            "defects that the sandbox counted 2");
  }

  @Test
  void aRetryReceiptBesideARepeatIsOneTooMany() {
    dedup = false;
    isRepeatedAtBaileys("ID1", "OUT 1");
    retryReceipts++;

    assertThat(defects()).containsExactly("retry receipts 2");
  }

  @Test
  void whatAPhoneShowsTwiceIsDoubledInEitherMode() {
    dedup = false;
    shown.put("OUT 1", 2);

    assertThat(defects()).containsExactly("doubled on phones 1");
  }

  @Test
  void anEventThatComesAgainIsNotDoubledAndAnotherOneOfTheSameTextIs() {
    comes("evt_" + sequence, "message.received", "IN 2", "");
    assertThat(defects()).isEmpty();

    comes("message.received", "IN 2", "");
    assertThat(defects()).containsExactly("doubled by webhook 1");
  }

  @Test
  void aStatusIsSpuriousUnlessItsConnectionWasCut() {
    faults.addCut(List.of(NUMBER));
    comes("instance.disconnected", "", "connection_lost");
    comes("instance.connecting", "", "");
    comes("instance.connected", "", "");
    assertThat(defects()).isEmpty();

    comes("instance.disconnected", "", "connection_lost");
    assertThat(defects()).containsExactly("spurious status events 1");
  }

  @Test
  void aNumberWithoutAnEventIsAGap() {
    sequence++;
    comes("message.read", "OUT 1", "");

    assertThat(defects()).containsExactly("gaps in the events' sequence 1");
  }
}

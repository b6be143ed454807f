package dev.heliograph.bench.chaos;

import static java.util.stream.Collectors.toMap;

import dev.heliograph.bench.deployment.LinkedNumber;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.baileys.BaileysClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What all phones show and count at a moment.
 *
 * @param shown how often a phone shows each text from somebody else
 * @param copies how often a number's own phone shows each text that the number has sent
 * @param undecryptable how often a phone could not read something
 * @param duplicates how often a phone was given a ciphertext again
 * @param retryReceipts how often a companion asked again, or was asked again by anybody
 * @param defects how often a companion did what no client does, by its name
 * @param unread what waits at the server for companions
 * @param baileys what Baileys has shown, by the phone whose companion it is
 */
record Phones(
    Map<String, Integer> shown,
    Map<String, Integer> copies,
    long undecryptable,
    long duplicates,
    long retryReceipts,
    Map<String, Integer> defects,
    long unread,
    Map<String, BaileysScreen> baileys) {

  static Phones look(
      ControlClient control,
      Collection<LinkedNumber> numbers,
      Collection<String> friends,
      Map<String, BaileysClient> baileys) {
    Map<String, Integer> shown = new HashMap<>();
    Map<String, Integer> copies = new HashMap<>();
    List<String> all = new ArrayList<>(friends);
    numbers.forEach(number -> all.add(number.msisdn()));
    long undecryptable = 0;
    long duplicates = 0;
    List<JsonObject> companions = new ArrayList<>();
    Map<String, BaileysScreen> screens = new HashMap<>();
    for (String phone : all) {
      for (JsonObject message : control.messages(phone)) {
        // What a companion asks its own phone for is nothing that a phone shows.
        if (message.getBoolean("peer")) continue;
        boolean isCopy = message.getBoolean("device_sent");
        (isCopy ? copies : shown).merge(String.valueOf(message.getString("text")), 1, Integer::sum);
      }
      JsonObject stats = control.stats(phone);
      undecryptable += stats.getInteger("undecryptable");
      duplicates += stats.getInteger("duplicate");
      List<JsonObject> linked = control.devices(phone);
      companions.addAll(linked);
      BaileysClient client = baileys.get(phone);
      if (client != null) {
        screens.put(
            phone,
            new BaileysScreen(
                client.received(),
                stats.getInteger("duplicate"),
                Math.toIntExact(sum(linked, "retry_receipts_sent")),
                answeredTwice(linked)));
      }
    }
    return new Phones(
        shown,
        copies,
        undecryptable,
        duplicates,
        sum(companions, "retry_receipts_sent") + sum(companions, "retry_receipts_received"),
        defects(companions),
        sum(companions, "queue"),
        screens);
  }

  private static long sum(List<JsonObject> companions, String field) {
    return companions.stream().mapToLong(companion -> companion.getLong(field)).sum();
  }

  private static Map<String, Integer> defects(List<JsonObject> companions) {
    Map<String, Integer> defects = new TreeMap<>();
    found(companions)
        .forEach(
            each ->
                defects.merge(each.getString("defect"), each.getInteger("times"), Integer::sum));
    return defects;
  }

  /** How often, by the messages' ids. */
  private static Map<String, Integer> answeredTwice(List<JsonObject> companions) {
    return found(companions)
        .filter(each -> each.getString("defect").equals("answered_twice"))
        .collect(
            toMap(each -> each.getString("about"), each -> each.getInteger("times"), Integer::sum));
  }

  private static Stream<JsonObject> found(List<JsonObject> companions) {
    return companions.stream()
        .flatMap(companion -> companion.getJsonArray("defects").stream())
        .map(JsonObject.class::cast);
  }
}

package dev.heliograph.session;

import dev.heliograph.event.EventData.Contact;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.signal.Records;
import dev.heliograph.whatsapp.signal.SignalSessions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which phone number has which LID, as far as it was told: records {@code lid#<number>} and {@code
 * pn#<LID>}, each the user part of the other address.
 */
final class Contacts {
  private static final String LID = "lid#";
  private static final String PN = "pn#";

  private final Records records;

  Contacts(Records records) {
    this.records = records;
  }

  /** Takes in what a stanza told. Signal sessions go on under the LID. */
  void learn(LidMapping mapping, SignalSessions sessions) {
    write(PN + mapping.lid().user(), mapping.pn().user());
    if (write(LID + mapping.pn().user(), mapping.lid().user())) {
      sessions.migrate(mapping.pn(), mapping.lid());
    }
  }

  /** Notes where a number leads that WhatsApp writes in another way (Brazil's ninth digit). */
  void alias(Jid asked, Jid lid) {
    write(LID + asked.user(), lid.user());
  }

  Optional<Jid> lidOf(Jid pn) {
    return read(LID + pn.user()).map(Jid::lid);
  }

  /** The address of a device's Signal session: under the LID if that is known. */
  Jid signalAddress(Jid device) {
    return device.isPn()
        ? lidOf(device).map(lid -> lid.withDevice(device.device())).orElse(device)
        : device;
  }

  Optional<Jid> pnOf(Jid lid) {
    return read(PN + lid.user()).map(Jid::pn);
  }

  /** Both addresses of a user of whom at least one is known. */
  Contact contact(Optional<Jid> pn, Optional<Jid> lid, Optional<String> pushName) {
    Optional<Jid> number = pn.or(() -> lid.flatMap(this::pnOf));
    Optional<Jid> hidden = lid.or(() -> pn.flatMap(this::lidOf));
    return new Contact(
        number.flatMap(jid -> PhoneNumber.parse(jid.user())).orElse(null),
        hidden.map(jid -> jid.bare().text()).orElse(null),
        pushName.orElse(null));
  }

  private Optional<String> read(String name) {
    return Optional.ofNullable(records.find(name))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private boolean write(String name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (Arrays.equals(bytes, records.find(name))) {
      return false;
    }
    records.put(name, bytes);
    return true;
  }
}

package dev.heliograph.sandbox.wire;

/**
 * Whom a stanza is from or to: a user, one of the user's devices, a group, or (with an empty user)
 * a server.
 *
 * @param user digits for users; {@code integrator-user} on {@code interop}
 * @param device 0 is the phone, and is not written
 */
public record Jid(String user, int device, String server) implements Value {
  public static final String PHONE_NUMBERS = "s.whatsapp.net";
  public static final String LIDS = "lid";
  public static final String GROUPS = "g.us";
  public static final Jid SERVER = new Jid("", 0, PHONE_NUMBERS);

  public static Jid pn(String msisdn) {
    return new Jid(msisdn, 0, PHONE_NUMBERS);
  }

  public static Jid lid(String lid) {
    return new Jid(lid, 0, LIDS);
  }

  /** Reads {@code user:device@server}, {@code user@server} or a bare server. */
  public static Jid parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return new Jid("", 0, text);
    }
    String server = text.substring(at + 1);
    String user = text.substring(0, at);
    int colon = user.indexOf(':');
    if (colon < 0) {
      return new Jid(user, 0, server);
    }
    try {
      return new Jid(
          user.substring(0, colon),
          Integer.parseUnsignedInt(user, colon + 1, user.length(), 10),
          server);
    } catch (NumberFormatException notADevice) {
      throw new MalformedStanzaException("a JID's device is not a number");
    }
  }

  public boolean isLid() {
    return server.equals(LIDS);
  }

  /** {@code c.us} is how some clients still write a phone number. */
  public boolean isPhoneNumber() {
    return server.equals(PHONE_NUMBERS) || server.equals("c.us");
  }

  public boolean isGroup() {
    return server.equals(GROUPS);
  }

  public boolean isUser() {
    return !user.isEmpty() && (isLid() || isPhoneNumber());
  }

  public Jid bare() {
    return device == 0 ? this : new Jid(user, 0, server);
  }

  @Override
  public String text() {
    if (user.isEmpty()) {
      return server;
    }
    return device == 0 ? user + '@' + server : user + ':' + device + '@' + server;
  }

  @Override
  public String toString() {
    return "Jid[redacted@" + server + "]";
  }
}

package dev.heliograph.whatsapp;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The address of a user, one of its devices, a group, or (with an empty user) of a server itself.
 *
 * <p>{@link #text} is {@code user:device@server}, without {@code :device} for device 0 (a user's
 * phone, or the user as such). The legacy server {@code c.us} is read as {@link Server#PN}. An
 * address is personal data: {@link #toString} hides the user.
 *
 * @param user digits for people; for {@link Server#INTEROP} {@code integrator-user}. Never has a
 *     character that would make two addresses look alike as a text or as a Signal name
 * @param device 0 to 255; to 65535 for {@link Server#MESSENGER} and {@link Server#INTEROP}
 */
public record Jid(String user, int device, Server server) implements Node.Value {
  /** WhatsApp itself. */
  public static final Jid WHATSAPP = new Jid("", 0, Server.PN);

  private static final int LONGEST_USER = 128;

  public enum Server {
    /** People by phone number. */
    PN("s.whatsapp.net"),
    /** People by the hidden number that WhatsApp gave them. */
    LID("lid"),
    HOSTED("hosted"),
    HOSTED_LID("hosted.lid"),
    GROUP("g.us"),
    BROADCAST("broadcast"),
    NEWSLETTER("newsletter"),
    BOT("bot"),
    CALL("call"),
    MESSENGER("msgr"),
    INTEROP("interop");

    private static final Map<String, Server> BY_TEXT =
        Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(Server::text, Function.identity()));

    private final String text;

    Server(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    static Optional<Server> find(String text) {
      return text.equals("c.us") ? Optional.of(PN) : Optional.ofNullable(BY_TEXT.get(text));
    }
  }

  public Jid {
    if (!isDevice(device, server)) throw new ProtocolException("a JID's device is out of range");
    if (!isUser(user, server))
      throw new ProtocolException("a JID's user has characters that no user has");
  }

  public static Jid pn(String user) {
    return new Jid(user, 0, Server.PN);
  }

  public static Jid lid(String user) {
    return new Jid(user, 0, Server.LID);
  }

  public static Jid group(String user) {
    return new Jid(user, 0, Server.GROUP);
  }

  /**
   * Reads {@link #text}.
   *
   * @throws ProtocolException if this is not the text of a JID on a server that we know
   */
  public static Jid parse(String text) {
    return find(text).orElseThrow(() -> new ProtocolException("not a JID"));
  }

  /** The JID of this text, if it is one on a server that we know. */
  public static Optional<Jid> find(String text) {
    int at = text.indexOf('@');
    String left = at < 0 ? "" : text.substring(0, at);
    int colon = left.indexOf(':');
    String user = colon < 0 ? left : left.substring(0, colon);
    int device = colon < 0 ? 0 : number(left.substring(colon + 1));
    return of(user, device, text.substring(at + 1));
  }

  /** The JID of these parts, if they can be one. */
  public static Optional<Jid> of(String user, int device, String server) {
    return Server.find(server)
        .filter(known -> isDevice(device, known) && isUser(user, known))
        .map(known -> new Jid(user, device, known));
  }

  @Override
  public String text() {
    if (user.isEmpty()) return server.text();
    return device == 0 ? user + '@' + server.text() : user + ':' + device + '@' + server.text();
  }

  /** The user without a device. */
  public Jid bare() {
    return device == 0 ? this : new Jid(user, 0, server);
  }

  public Jid withDevice(int number) {
    return new Jid(user, number, server);
  }

  public Jid withServer(Server other) {
    return new Jid(user, device, other);
  }

  public boolean isPn() {
    return server == Server.PN && !user.isEmpty();
  }

  public boolean isLid() {
    return server == Server.LID && !user.isEmpty();
  }

  public boolean isGroup() {
    return server == Server.GROUP && !user.isEmpty();
  }

  /** Whether both are (devices of) the same user, in the same addressing. */
  public boolean isSameUser(Jid other) {
    return server == other.server && user.equals(other.user);
  }

  /** People's plain form of a hosted address; any other address as it is. */
  public Jid unhosted() {
    return switch (server) {
      case HOSTED -> withServer(Server.PN);
      case HOSTED_LID -> withServer(Server.LID);
      default -> this;
    };
  }

  /** The name under which Signal knows this user: phone numbers and LIDs never share one. */
  public String signalName() {
    return switch (server) {
      case LID -> user + "_1";
      case HOSTED -> user + "_128";
      case HOSTED_LID -> user + "_129";
      default -> user;
    };
  }

  @Override
  public String toString() {
    return "Jid[" + server + ", device=" + device + "]";
  }

  /** As many as the wire has room for. */
  private static boolean isDevice(int device, Server server) {
    boolean isForeign = server == Server.MESSENGER || server == Server.INTEROP;
    return device >= 0 && device <= (isForeign ? 0xFFFF : 0xFF);
  }

  private static boolean isUser(String user, Server server) {
    return user.length() <= LONGEST_USER
        && user.chars().allMatch(Jid::isUserCharacter)
        && (server != Server.INTEROP || isInteropUser(user));
  }

  private static boolean isInteropUser(String user) {
    int dash = user.indexOf('-');
    int integrator = dash < 0 ? 0 : number(user.substring(0, dash));
    return integrator >= 0 && integrator <= 0xFFFF;
  }

  private static boolean isUserCharacter(int c) {
    return isDigit(c)
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '.'
        || c == '+';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(Jid::isDigit))
      return -1;
    return Integer.parseInt(digits);
  }
}

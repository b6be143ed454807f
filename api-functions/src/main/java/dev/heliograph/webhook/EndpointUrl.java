package dev.heliograph.webhook;

import java.net.URI;
import java.util.Locale;

/**
 * Where a customer wants events: an absolute http or https URL without user and fragment. It may
 * have a token in it, so nothing prints it.
 */
public record EndpointUrl(String text) {
  private static final int MAX_LENGTH = 2048;

  public EndpointUrl {
    if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
      throw new IllegalArgumentException("must have at most %d characters".formatted(MAX_LENGTH));
    }
    URI uri = parse(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("https") || scheme.equals("http")) || uri.getHost() == null) {
      throw new IllegalArgumentException("must be an absolute https URL");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException("must have no user name or password in it");
    }
    if (uri.getFragment() != null) {
      throw new IllegalArgumentException("must have no fragment");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new IllegalArgumentException("must have a port from 1 to 65535");
    }
  }

  boolean isHttps() {
    return scheme().equals("https");
  }

  String scheme() {
    return uri().getScheme().toLowerCase(Locale.ROOT);
  }

  /** A name, or an address; an IPv6 one without its brackets. */
  String host() {
    String host = uri().getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    int port = uri().getPort();
    return port > 0 ? port : isHttps() ? 443 : 80;
  }

  /** In ASCII: other characters of path and query are escaped as UTF-8. */
  URI uri() {
    return parse(text);
  }

  @Override
  public String toString() {
    return "[url]";
  }

  private static URI parse(String text) {
    try {
      // What is one before its characters are normalized may be none afterwards.
      return URI.create(URI.create(text).toASCIIString());
    } catch (IllegalArgumentException e) {
      // The JDK's message quotes the text.
      throw new IllegalArgumentException("must be an absolute https URL");
    }
  }
}

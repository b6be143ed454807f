package dev.heliograph.webhook;

import dev.heliograph.webhook.AttemptOutcome.Delivered;
import dev.heliograph.webhook.AttemptOutcome.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Posts to customers' endpoints: to an address that the guard has let through, under the name that
 * the URL has (for the Host header, SNI and the certificate). It follows no redirect, as that would
 * be another URL; and neither a slow nor an endless answer holds it up.
 */
final class WebhookClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** What is read of an answer, so that its connection can be used again. */
  private static final int READ_BYTES = 16 * 1024;

  /** Headers are kept in memory: without a limit, an endless one takes all there is. */
  private static final int HEADER_LINE = 8 * 1024;

  private static final int HEADERS = 100;
  private static final int MAX_CONNECTIONS = 100;
  private static final Duration IDLE_CONNECTION = Duration.ofSeconds(30);

  private final AddressGuard guard;
  private final Duration total;
  private final CloseableHttpClient client;
  private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * A client.
   *
   * @param tls whose authorities servers have to be certified by
   * @param total how long an attempt may take, from the name's look-up to the end of the answer
   */
  WebhookClient(AddressGuard guard, SSLContext tls, Duration total) {
    this.guard = guard;
    this.total = total;
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections(tls, total))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(timeout(CONNECT))
                    .setResponseTimeout(timeout(total))
                    .build())
            .setUserAgent("Heliograph")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableConnectionState()
            .disableContentCompression()
            .build();
  }

  /** Posts a JSON text, once. */
  AttemptOutcome post(EndpointUrl url, Map<String, String> headers, String json) {
    HttpPost request = new HttpPost(url.uri());
    headers.forEach(request::setHeader);
    request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    Future<AttemptOutcome> attempt = attempts.submit(() -> attempt(url, request));
    try {
      return attempt.get(total.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      request.abort();
      return new Failed("timeout");
    } catch (InterruptedException e) {
      request.abort();
      Thread.currentThread().interrupt();
      return new Failed("interrupted");
    } catch (ExecutionException defect) {
      throw new IllegalStateException("an attempt ended in a defect", defect.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    attempts.shutdownNow();
    client.close();
  }

  private AttemptOutcome attempt(EndpointUrl url, HttpPost request) {
    try {
      InetAddress address = guard.addressesOf(url).getFirst();
      HttpHost target = new HttpHost(url.scheme(), address, url.host(), url.port());
      ClassicHttpResponse response = client.executeOpen(target, request, null);
      int status = response.getCode();
      drop(response, request);
      return status >= 200 && status < 300 ? new Delivered() : new Failed("http_" + status);
    } catch (RefusedTargetException refused) {
      return new Failed(refused.code());
    } catch (SocketTimeoutException e) {
      return new Failed("timeout");
    } catch (SSLException e) {
      return new Failed("tls_failed");
    } catch (IOException e) {
      return new Failed("connection_failed");
    }
  }

  /**
   * The status has said everything. A short body is read, so that its connection can be used again;
   * of any other the connection is ended first, as closing an answer means to read on to its end.
   */
  private static void drop(ClassicHttpResponse response, HttpPost request) {
    HttpEntity body = response.getEntity();
    long length = body == null ? 0 : body.getContentLength(); // negative if the answer does not say
    if (length < 0 || length > READ_BYTES) {
      request.abort();
    }
    EntityUtils.consumeQuietly(body);
    try {
      response.close();
    } catch (IOException alreadyEnded) {
      // By us, or by the other side: either way it is over.
    }
  }

  private static HttpClientConnectionManager connections(SSLContext tls, Duration total) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxLineLength(HEADER_LINE)
                        .setMaxHeaderCount(HEADERS)
                        .build())
                .build())
        .setDnsResolver(new Pinned())
        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
        .setMaxConnTotal(MAX_CONNECTIONS)
        .setMaxConnPerRoute(MAX_CONNECTIONS)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(timeout(CONNECT))
                .setSocketTimeout(timeout(total))
                .setTimeToLive(timeout(IDLE_CONNECTION))
                // A function sleeps between calls, and wakes up with connections long gone.
                .setValidateAfterInactivity(timeout(Duration.ofMillis(500)))
                .build())
        .build();
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }

  /** Every request brings its address: what asks for one would go past the guard. */
  private static final class Pinned implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      throw new UnknownHostException("names are resolved by the guard alone");
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      throw new UnknownHostException("names are resolved by the guard alone");
    }
  }
}

package dev.heliograph.event;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.CustomerId;
import dev.heliograph.health.Vitals;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.json.Json;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final StreamPace FAST =
      new StreamPace(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofMillis(100));
  private static final int MOST = 3;

  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.ACCOUNTS, Tables.INSTANCES, Tables.EVENTS);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EventStreamMetrics metrics = new EventStreamMetrics(registry);
  private final IdGenerator ids = IdGenerator.random();
  private final AtomicLong nanos = new AtomicLong();

  private Accounts accounts;
  private Instances instances;
  private Events events;
  private CustomerId customer;
  private ApiKey key;
  private InstanceId instance;
  private EventStreamServer server;

  @BeforeEach
  void start() {
    InstantSource clock = InstantSource.system();
    accounts = new Accounts(dynamoDb.client(), dynamoDb.prefix(), ids, clock);
    instances = new Instances(dynamoDb.client(), dynamoDb.prefix(), clock);
    events = new Events(dynamoDb.client(), dynamoDb.prefix(), clock);
    customer = accounts.create("test").id();
    key = accounts.createKey(customer);
    instance = newInstance(customer);
    server = startServer();
  }

  private EventStreamServer startServer() {
    EventStreams streams =
        new EventStreams(new StreamSource(accounts, instances, events), metrics, FAST, MOST);
    return EventStreamServer.start(
        vertx, ANY_PORT, streams, new Vitals(Duration.ofSeconds(4), nanos::get));
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
    vertx.close().await();
  }

  private InstanceId newInstance(CustomerId owner) {
    InstanceId id = InstanceId.draw(ids);
    instances.create(Instance.created(id, owner, "test", Metadata.EMPTY, 0, Instant.now()));
    return id;
  }

  private void happen(long... sequences) {
    for (long sequence : sequences) {
      happen(sequence, EventType.MESSAGE_RECEIVED, "{\"n\":%d}".formatted(sequence));
    }
  }

  private void happen(long sequence, EventType type, String json) {
    events.recordIfAbsent(
        new StoredEvent(
            instance, sequence, EventId.of(instance, sequence, 0), customer, type, json));
  }

  private URI url(String query) {
    return URI.create(server.endpoint() + EventStreams.PATH + query);
  }

  private StreamClient open(String query, Map<String, String> more) throws Exception {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("Authorization", "Bearer " + key.text());
    return StreamClient.open(url("?instance_id=" + instance + query), headers);
  }

  private StreamClient open(String query) throws Exception {
    return open(query, Map.of());
  }

  @Test
  void eachEventComesAsItIsStored() throws Exception {
    happen(1, EventType.INSTANCE_CONNECTED, "{\"text\":\"Grüße\\n\"}");

    try (StreamClient client = open("&after=0").awaitEvents(1)) {
      assertThat(client.response().headers().firstValue("Content-Type"))
          .contains("text/event-stream");
      assertThat(client.response().headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(client.blocks().getFirst()).containsExactly("retry: 2000", "id: 0");
      assertThat(client.events().getFirst())
          .containsExactly("id: 1", "event: instance.connected", "data: {\"text\":\"Grüße\\n\"}");
    }
  }

  @Test
  void whatIsThereComesInOrderAndThenWhatHappens() throws Exception {
    long[] before = LongStream.rangeClosed(1, 60).toArray(); // more than are read at a time
    happen(before);

    try (StreamClient client = open("&after=0").awaitEvents(60)) {
      happen(61, 62);
      client.awaitEvents(62);

      assertThat(client.ids()).isEqualTo(LongStream.rangeClosed(1, 62).boxed().toList());
      await().until(() -> streamed() == 62); // each counts once it is written
      assertThat(registry.get("heliograph.event.streams").gauge().value()).isEqualTo(1);
    }
    await().until(() -> registry.get("heliograph.event.streams").gauge().value() == 0);
  }

  @Test
  void withoutAPlaceItBeginsNowAndSaysWhereThatIs() throws Exception {
    happen(1, 2);

    try (StreamClient client = open("").awaitBegin()) {
      assertThat(client.blocks().getFirst()).contains("id: 2");
      happen(3);

      assertThat(client.awaitEvents(1).ids()).containsExactly(3L);
    }
  }

  @Test
  void theLastEventIdIsMoreThanTheQuerySays() throws Exception {
    happen(1, 2, 3);

    try (StreamClient client = open("&after=0", Map.of("Last-Event-ID", "2")).awaitEvents(1)) {
      assertThat(client.ids()).containsExactly(3L);
    }
  }

  @Test
  void anEventThatWillNeverComeHoldsNothingUp() throws Exception {
    happen(3, 4, 7);

    try (StreamClient client = open("&after=0").awaitEvents(3)) {
      assertThat(client.ids()).containsExactly(3L, 4L, 7L);
    }
  }

  @Test
  void anEventThatAReadMissesIsNotPassedOver() throws Exception {
    happen(1, 2, 3);
    events =
        new Events(StaleReads.of(dynamoDb.client(), 2), dynamoDb.prefix(), InstantSource.system());
    server.close();
    server = startServer();

    try (StreamClient client = open("&after=0").awaitEvents(3)) {
      assertThat(client.ids()).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aRestartLosesAndDoublesNothing() throws Exception {
    happen(1, 2);
    List<Long> before;
    try (StreamClient client = open("&after=0").awaitEvents(2)) {
      server.close();
      before = client.awaitEnd().ids();
    }
    happen(3);
    server = startServer();

    try (StreamClient client =
        open("&after=0", Map.of("Last-Event-ID", before.getLast().toString())).awaitEvents(1)) {
      assertThat(before).containsExactly(1L, 2L);
      assertThat(client.ids()).containsExactly(3L);
    }
  }

  @Test
  void silenceIsBroken() throws Exception {
    try (StreamClient client = open("")) {
      await().until(() -> client.blocks().stream().filter(List.of(":")::equals).count() > 1);

      assertThat(client.events()).isEmpty();
    }
  }

  @Test
  void aRevokedKeyEndsItsStreams() throws Exception {
    try (StreamClient client = open("").awaitBegin()) {
      accounts.revoke(key);

      client.awaitEnd();
    }
  }

  @Test
  void theLastEventOfAnInstanceIsTheLastOfItsStream() throws Exception {
    try (StreamClient client = open("").awaitBegin()) {
      instances.wish(customer, instance, Desired.DELETED);
      happen(1, EventType.INSTANCE_DELETED, "{}");

      assertThat(client.awaitEnd().ids()).containsExactly(1L);
    }
    assertRefused(ask("GET", "?instance_id=" + instance), 404, "instance_not_found");
  }

  @Test
  void anothersInstanceIsNotThere() throws Exception {
    happen(1);
    ApiKey other = accounts.createKey(accounts.create("other").id());

    HttpResponse<String> answer =
        ask("GET", "?after=0&instance_id=" + instance, "Bearer " + other.text());
    HttpResponse<String> unknown =
        ask("GET", "?instance_id=" + InstanceId.draw(ids), "Bearer " + other.text());

    assertRefused(answer, 404, "instance_not_found");
    assertRefused(unknown, 404, "instance_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer hg_", "Basic aGc6aGc=", "hg_", "Bearer hg_00"})
  void withoutAKeyThereIsNothing(String authorization) throws Exception {
    HttpResponse<String> answer = ask("GET", "?instance_id=" + instance, authorization);

    assertRefused(answer, 401, "unauthorized");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void aKeyOfNobodysIsNone() throws Exception {
    HttpResponse<String> answer =
        ask("GET", "?instance_id=" + instance, "Bearer hg_" + "0".repeat(64));

    assertRefused(answer, 401, "unauthorized");
  }

  @ParameterizedTest
  @CsvSource({
    "?after=0, instance_id",
    "?instance_id=ID&after=-1, after",
    "?instance_id=ID&after=1e3, after",
    "?instance_id=ID&after=, after",
    "?instance_id=ID&after=99999999999999999999, after",
    "?instance_id=ID&after=1&after=2, after",
    "?instance_id=ID&instance_id=ID, instance_id",
    "?instance_id=ID&from=1, from"
  })
  void aWrongParameterIsNamed(String query, String field) throws Exception {
    HttpResponse<String> answer = ask("GET", query.replace("ID", instance.value()));

    JsonNode error = assertRefused(answer, 400, "invalid_parameter");
    assertThat(error.path("field").asText()).isEqualTo(field);
  }

  @Test
  void aWrongLastEventIdIsNamed() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(url("?instance_id=" + instance))
            .header("Authorization", "Bearer " + key.text())
            .header("Last-Event-ID", "evt_1")
            .build();

    JsonNode error =
        assertRefused(http.send(request, BodyHandlers.ofString()), 400, "invalid_parameter");
    assertThat(error.path("field").asText()).isEqualTo("Last-Event-ID");
  }

  @Test
  void anInstanceIdOfAnyOtherFormIsNotThere() throws Exception {
    assertRefused(ask("GET", "?instance_id=../../etc/passwd"), 404, "instance_not_found");
  }

  @Test
  void onlyGetIsTaken() throws Exception {
    HttpResponse<String> answer = ask("POST", "?instance_id=" + instance);

    assertRefused(answer, 405, "method_not_allowed");
    assertThat(answer.headers().firstValue("Allow")).contains("GET");
  }

  @Test
  void moreThanTheMostAreRefusedUntilOneEnds() throws Exception {
    try (StreamClient first = open("").awaitBegin();
        StreamClient second = open("").awaitBegin()) {
      try (StreamClient third = open("").awaitBegin()) {
        HttpResponse<String> answer = ask("GET", "?instance_id=" + instance);

        assertRefused(answer, 503, "too_many_streams");
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(third.response().statusCode()).isEqualTo(200);
      }
      await()
          .until(
              () -> {
                try (StreamClient again = open("")) {
                  return again.response().statusCode() == 200;
                }
              });
      assertThat(first.blocks()).isNotEmpty();
      assertThat(second.blocks()).isNotEmpty();
    }
  }

  @Test
  void whatAClientDoesNotReadIsNotFetchedForIt() throws Exception {
    int count = 300;
    String json = "{\"text\":\"%s\"}".formatted("x".repeat(60_000));
    for (int sequence = 1; sequence <= count; sequence++) {
      happen(sequence, EventType.MESSAGE_RECEIVED, json);
    }

    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(8192);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.endpoint().getPort()));
      write(
          socket,
          "GET /v1/events/stream?after=0&instance_id=%s HTTP/1.1\r\nHost: x\r\n".formatted(instance)
              + "Authorization: Bearer %s\r\n\r\n".formatted(key.text()));
      await().during(Duration.ofMillis(700)).atMost(Duration.ofSeconds(20)).until(this::isStill);

      assertThat(streamed()).isBetween(1.0, count / 2.0);
      InputStream in = socket.getInputStream();
      long sequence = 1;
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, US_ASCII));
      while (sequence <= count) {
        String line = requireNonNull(lines.readLine());
        if (line.startsWith("id: ") && !line.equals("id: 0")) {
          assertThat(line).isEqualTo("id: " + sequence++);
        }
      }
    }
  }

  private double counted = -1;

  private boolean isStill() {
    double before = counted;
    counted = streamed();
    return counted > 0 && counted == before;
  }

  private double streamed() {
    return registry.get("heliograph.event.streamed").counter().count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/events/stream?instance_id=%ZZ HTTP/1.1\r\nHost: x\r\n",
        "GET /v1/events/stream?%00=%FF HTTP/1.1\r\nHost: x\r\n",
        "GET * HTTP/1.1\r\nHost: x\r\n",
        "GET //v1/events/stream HTTP/1.1\r\nHost: x\r\n",
        "GET /v1/events/../events/stream HTTP/1.1\r\nHost: x\r\n",
        "BREW /v1/events/stream HTTP/1.1\r\nHost: x\r\n",
        "GET /v1/events/stream HTTP/1.0\r\n",
        "GET /v1/events/stream HTTP/9.9\r\n",
        "nonsense\r\n"
      })
  void hostileRequestsAreRefusedAndNothingElseSuffers(String head) throws Exception {
    try (StreamClient client = open("").awaitBegin()) {
      assertThat(statusOf(head)).matches("HTTP/\\d\\.\\d (4\\d\\d|501) .*");

      happen(1);
      assertThat(client.awaitEvents(1).ids()).containsExactly(1L);
    }
  }

  @Test
  void aHeadThatIsTooLongIsRefused() throws Exception {
    assertThat(statusOf("GET /?" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n"))
        .contains(" 414 ");
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n"))
        .contains(" 431 ");
  }

  @Test
  void itIsHealthyWhileTheWorkerIs() throws Exception {
    assertThat(statusOf("GET /healthz HTTP/1.1\r\nHost: x\r\n")).contains(" 200 ");

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(statusOf("GET /healthz HTTP/1.1\r\nHost: x\r\n")).contains(" 503 ");
  }

  private String statusOf(String head) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.endpoint().getPort())) {
      write(socket, head + "\r\n");
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
          .readLine();
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private HttpResponse<String> ask(String method, String query) throws Exception {
    return ask(method, query, "Bearer " + key.text());
  }

  private HttpResponse<String> ask(String method, String query, String authorization)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(url(query))
            .header("Authorization", authorization)
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonNode assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode error = Json.read(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotEmpty();
    assertThat(error.path("request_id").asText()).isNotEmpty();
    return error;
  }
}

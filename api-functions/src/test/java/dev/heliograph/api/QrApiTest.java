package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.QrCode;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Timestamps;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Tables;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QrApiTest {
  private static final String RAW = "2@abc,def,ghi,jkl";

  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.ACCOUNTS, Tables.INSTANCES, Tables.FLEET);

  @RegisterExtension static final LocalSqs sqs = LocalSqs.withAllQueues();

  private TestApi api;
  private TestApi.Caller acme;

  @BeforeEach
  void setUp() {
    api = new TestApi(dynamoDb, sqs, Duration.ofSeconds(20));
    acme = api.customer();
  }

  @ParameterizedTest
  @CsvSource({"PENDING,", "PENDING, QR_TIMEOUT", "FAILED, LOGGED_OUT"})
  void askingStartsTheInstanceAndWaitsForTheCode(
      InstanceStatus status, @Nullable StatusReason reason) throws Exception {
    Instance instance = acme.instance();
    api.project(instance.id(), status, reason, null, null, Instant.now());
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> acme.get(qr(instance)));
    await().until(() -> acme.row(instance.id()).isStartWished());
    Instant expiry = Instant.now().plusSeconds(60);

    api.project(instance.id(), InstanceStatus.CONNECTING, null);
    api.project(
        instance.id(), InstanceStatus.QR, null, new QrCode(RAW, expiry, 1), null, Instant.now());

    Answer answer = asked.get();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("/raw")).isEqualTo(RAW);
    assertThat(answer.text("/expires_at")).isEqualTo(Timestamps.format(expiry));
    assertThat(scanned(answer.text("/qr"))).isEqualTo(RAW);
    assertThat(acme.row(instance.id()).wish()).isEqualTo(1);
    assertThat(api.rings(instance)).isNotEmpty();
  }

  @Test
  void askingAgainIsNotAskingForAnotherOne() {
    api = new TestApi(dynamoDb, sqs, Duration.ofMillis(1));
    acme = api.customer();
    Instance instance = acme.instance();

    Answer first = acme.get(qr(instance));
    acme.get(qr(instance));

    assertThat(first.status()).isEqualTo(409);
    assertThat(acme.row(instance.id()).wish()).isEqualTo(1);
    assertThat(acme.row(instance.id()).desired()).isEqualTo(Desired.RUNNING);
  }

  @Test
  void aCodeThatTakesItsTimeIsToBeAskedForAgain() {
    api = new TestApi(dynamoDb, sqs, Duration.ofMillis(300));
    acme = api.customer();

    Answer answer = acme.get(qr(acme.instance()));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("qr_not_ready");
    assertThat(answer.headers()).containsEntry("Retry-After", "2");
  }

  @Test
  void anExpiredCodeIsWaitedPast() throws Exception {
    Instance instance = acme.instance();
    show(instance, "old", Instant.now().minusSeconds(1));
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> acme.get(qr(instance)));

    show(instance, "new", Instant.now().plusSeconds(20));

    assertThat(asked.get().text("/raw")).isEqualTo("new");
    assertThat(acme.row(instance.id()).wish()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTED, , already_connected",
    "DISCONNECTED, CONNECTION_LOST, already_paired",
    "FAILED, BANNED, reset_required",
    "FAILED, REPLACED, reset_required",
  })
  void oneThatIsPairedShowsNoCode(
      InstanceStatus status, @Nullable StatusReason reason, String code) {
    Instance instance = acme.instance();
    api.project(instance.id(), status, reason, null, TestApi.PAIRING, Instant.now());

    Answer answer = acme.get(qr(instance));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(acme.row(instance.id()).desired()).isEqualTo(Desired.NONE);
  }

  @Test
  void whoMustResetIsToldHow() {
    Instance instance = acme.instance();
    api.project(
        instance.id(),
        InstanceStatus.FAILED,
        StatusReason.BANNED,
        null,
        TestApi.PAIRING,
        Instant.now());

    assertThat(acme.get(qr(instance)).text("/error/message"))
        .contains("POST /v1/instances/" + instance.id() + "/logout");
  }

  @Test
  void aScanThatHappensMeanwhileIsAnswered() throws Exception {
    Instance instance = acme.instance();
    api.project(instance.id(), InstanceStatus.CONNECTING, TestApi.PAIRING);
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> acme.get(qr(instance)));

    api.project(instance.id(), InstanceStatus.CONNECTED, TestApi.PAIRING);

    assertThat(asked.get().code()).isEqualTo("already_connected");
  }

  private void show(Instance instance, String raw, Instant expiry) {
    api.project(
        instance.id(), InstanceStatus.QR, null, new QrCode(raw, expiry, 1), null, Instant.now());
  }

  private static String qr(Instance instance) {
    return "/v1/instances/" + instance.id() + "/qr";
  }

  /** What a phone reads. */
  private static String scanned(String dataUrl) throws Exception {
    byte[] png = Base64.getDecoder().decode(dataUrl.substring(dataUrl.indexOf(',') + 1));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return new QRCodeReader()
        .decode(
            new BinaryBitmap(
                new HybridBinarizer(
                    new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))))
        .getText();
  }
}

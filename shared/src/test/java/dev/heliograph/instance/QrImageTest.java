package dev.heliograph.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QrImageTest {
  private static final String PREFIX = "data:image/png;base64,";

  static Stream<String> texts() {
    return Stream.of("2@" + "Ab1+/=".repeat(40) + ",x,y,z", "short", "x".repeat(2000));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void anotherDecoderReadsThePictureAndTheCodeInIt(String text) throws Exception {
    String url = QrImage.pngDataUrl(text);

    assertThat(url).startsWith(PREFIX);
    byte[] png = Base64.getDecoder().decode(url.substring(PREFIX.length()));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isGreaterThanOrEqualTo(180).isEqualTo(image.getHeight());
    assertThat(read(image)).isEqualTo(text);
  }

  private static String read(BufferedImage image) throws Exception {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    var bitmap =
        new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels)));
    return new QRCodeReader().decode(bitmap).getText();
  }
}

package dev.heliograph.instance;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * A QR code as a picture. The PNG is written here, at one bit per pixel: the image classes of the
 * JDK cost a Lambda start most of a second, and their files are many times larger.
 */
public final class QrImage {
  private static final int PIXELS = 320;
  private static final int QUIET_MODULES = 4;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private QrImage() {}

  /** {@code data:image/png;base64,…}, about 320 pixels wide, to be put into an {@code <img>}. */
  public static String pngDataUrl(String raw) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(raw));
  }

  static byte[] png(String raw) {
    try {
      return png(matrix(raw));
    } catch (WriterException e) {
      throw new IllegalArgumentException("the text does not fit into a QR code", e);
    }
  }

  private static BitMatrix matrix(String raw) throws WriterException {
    return new QRCodeWriter()
        .encode(
            raw,
            BarcodeFormat.QR_CODE,
            PIXELS,
            PIXELS,
            Map.of(
                EncodeHintType.MARGIN,
                QUIET_MODULES,
                EncodeHintType.ERROR_CORRECTION,
                ErrorCorrectionLevel.L));
  }

  private static byte[] png(BitMatrix modules) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(SIGNATURE);
    chunk(png, "IHDR", header(modules));
    chunk(png, "IDAT", deflated(rows(modules)));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static byte[] header(BitMatrix modules) {
    return written(
        out -> {
          out.writeInt(modules.getWidth());
          out.writeInt(modules.getHeight());
          out.writeByte(1); // bits per pixel
          out.writeByte(0); // greyscale
          out.writeByte(0); // deflate
          out.writeByte(0); // filters per row
          out.writeByte(0); // not interlaced
        });
  }

  /** Each row is a filter byte (none) and its pixels, eight a byte, white being 1. */
  private static byte[] rows(BitMatrix modules) {
    int rowLength = 1 + (modules.getWidth() + 7) / 8;
    byte[] rows = new byte[rowLength * modules.getHeight()];
    for (int y = 0; y < modules.getHeight(); y++) {
      for (int x = 0; x < modules.getWidth(); x++) {
        if (!modules.get(x, y)) {
          rows[y * rowLength + 1 + x / 8] |= (byte) (0x80 >> (x % 8));
        }
      }
    }
    return rows;
  }

  private static byte[] deflated(byte[] data) {
    return written(
        out -> {
          try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(data);
          }
        });
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    png.writeBytes(
        written(
            out -> {
              out.writeInt(data.length);
              out.write(name);
              out.write(data);
              out.writeInt((int) crc.getValue());
            }));
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  @FunctionalInterface
  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }
}

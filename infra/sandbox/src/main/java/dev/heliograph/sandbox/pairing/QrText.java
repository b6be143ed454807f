package dev.heliograph.sandbox.pairing;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.List;

/**
 * What a companion's QR code says: {@code ref,noiseKey,identity,advSecret,clientType}, nowadays
 * behind a link and a #.
 */
record QrText(String ref, ByteString noiseKey, ByteString identity, ByteString advSecret) {
  /**
   * Reads both forms.
   *
   * @throws RefusedScanException if it is neither
   */
  static QrText parse(String text) {
    List<String> fields = List.of(text.strip().substring(text.strip().indexOf('#') + 1).split(","));
    if (fields.size() != 5) {
      throw malformed();
    }
    return new QrText(fields.get(0), key(fields.get(1)), key(fields.get(2)), key(fields.get(3)));
  }

  private static ByteString key(String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      if (key.length != 32) {
        throw malformed();
      }
      return ByteString.copyFrom(key);
    } catch (IllegalArgumentException notBase64) {
      throw malformed();
    }
  }

  private static RefusedScanException malformed() {
    return new RefusedScanException(
        RefusedScanException.Reason.QR_MALFORMED,
        "a QR text has five fields: ref, three keys in Base64, client type");
  }

  @Override
  public String toString() {
    return "QrText[redacted]";
  }
}

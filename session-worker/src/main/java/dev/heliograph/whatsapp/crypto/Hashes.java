package dev.heliograph.whatsapp.crypto;

import dev.heliograph.id.Sha256;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256 and what is made of it. */
public final class Hashes {
  private static final String HMAC_SHA256 = "HmacSHA256";

  private Hashes() {}

  public static byte[] sha256(byte[]... parts) {
    return Sha256.of(parts);
  }

  public static byte[] md5(byte[] data) {
    try {
      return MessageDigest.getInstance("MD5").digest(data);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  public static byte[] hmacSha256(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(HMAC_SHA256);
      mac.init(new SecretKeySpec(key, HMAC_SHA256));
      for (byte[] part : parts) mac.update(part);
      return mac.doFinal();
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** HKDF with SHA-256 (RFC 5869). */
  public static byte[] hkdfSha256(byte[] secret, byte[] salt, byte[] info, int length) {
    try {
      HKDFParameterSpec extractThenExpand =
          HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(info, length);
      return KDF.getInstance("HKDF-SHA256").deriveData(extractThenExpand);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}

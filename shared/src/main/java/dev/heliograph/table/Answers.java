package dev.heliograph.table;

import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** Tells an answer of AWS from silence, for callers to whom the difference matters. */
public final class Answers {
  private Answers() {}

  /**
   * Whether a call failed for want of an answer, or was refused for load: it may well work later.
   * Other refusals are about the call itself.
   */
  public static boolean isUnavailable(RuntimeException failure) {
    return switch (failure) {
      case NotAcknowledgedException _, SdkClientException _ -> true;
      case SdkServiceException answered ->
          answered.isThrottlingException() || answered.statusCode() >= 500;
      default -> false;
    };
  }

  /**
   * Makes one call. A refusal (a condition, a bad request) comes through as the SDK's own
   * exception.
   *
   * @throws UnansweredException if it may or may not have been done
   * @throws ThrottledException if it was refused for load
   */
  public static <T> T of(Supplier<T> call) {
    try {
      return call.get();
    } catch (AbortedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnansweredException(interrupted);
    } catch (SdkServiceException answered) {
      if (answered.isThrottlingException()) {
        throw new ThrottledException(answered);
      }
      if (answered.statusCode() >= 500) {
        throw new UnansweredException(answered);
      }
      throw answered;
    } catch (SdkClientException unanswered) {
      throw new UnansweredException(unanswered);
    }
  }
}

package dev.heliograph.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.heliograph.function.Functions;
import dev.heliograph.table.Answers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers API Gateway's HTTP API (payload format 2.0). Errors are rendered here and nowhere else.
 */
public final class ApiHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);

  private final Api api;

  /** As Lambda makes it, from the process's environment. */
  public ApiHandler() {
    this(Functions.fromEnvironment().api());
  }

  /** With everything given. */
  public ApiHandler(Api api) {
    this.api = api;
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    String requestId = event.getRequestContext().getRequestId();
    try {
      return api.answer(ApiRequest.of(event)).toEvent();
    } catch (ApiException error) {
      return ApiResponse.error(error, requestId).toEvent();
    } catch (RuntimeException failure) {
      return failed(failure, requestId).toEvent();
    }
  }

  private static ApiResponse failed(RuntimeException failure, String requestId) {
    if (Answers.isUnavailable(failure)) {
      log.atWarn().addKeyValue("request_id", requestId).setCause(failure).log("AWS unavailable");
      return ApiResponse.error(ApiException.unavailable(), requestId);
    }
    log.atError().addKeyValue("request_id", requestId).setCause(failure).log("request failed");
    return ApiResponse.internalError(requestId);
  }
}

package dev.heliograph.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.heliograph.account.ApiKey;
import dev.heliograph.command.Doorbell;
import dev.heliograph.function.Functions;
import dev.heliograph.function.Primed;
import dev.heliograph.table.Answers;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers API Gateway's HTTP API (payload format 2.0). */
public final class ApiHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>, Primed {
  private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);

  private final Api api;
  private final Doorbell doorbell;

  /** As Lambda makes it, from the process's environment. */
  public ApiHandler() {
    this(Functions.fromEnvironment());
    awaitSnapshot();
  }

  private ApiHandler(Functions functions) {
    this(functions.api(), functions.doorbell());
  }

  /** With everything given. */
  public ApiHandler(Api api, Doorbell doorbell) {
    this.api = api;
    this.doorbell = doorbell;
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return answer(event);
  }

  /** A request of nobody's, which is refused once the key was looked for. */
  @Override
  public void prime() {
    answer(requestWith(new ApiKey("hg_" + "0".repeat(64))));
    doorbell.find(0);
  }

  private static APIGatewayV2HTTPEvent requestWith(ApiKey key) {
    APIGatewayV2HTTPEvent.RequestContext context =
        APIGatewayV2HTTPEvent.RequestContext.builder()
            .withRequestId("priming")
            .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder().withMethod("GET").build())
            .build();
    return APIGatewayV2HTTPEvent.builder()
        .withRawPath("/v1/instances")
        .withHeaders(Map.of("authorization", "Bearer " + key.text()))
        .withRequestContext(context)
        .build();
  }

  private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
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
    return ApiResponse.error(ApiException.internalError(), requestId);
  }
}

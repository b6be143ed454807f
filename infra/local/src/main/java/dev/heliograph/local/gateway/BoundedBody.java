package dev.heliograph.local.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request's body as long as it is not too long. */
final class BoundedBody {
  private final int limit;
  private final Buffer read = Buffer.buffer();
  private final Promise<Buffer> body = Promise.promise();

  private BoundedBody(int limit) {
    this.limit = limit;
  }

  /** The body, or a {@link TooLongException} as soon as more than {@code limit} bytes have come. */
  static Future<Buffer> read(HttpServerRequest request, int limit) {
    BoundedBody bounded = new BoundedBody(limit);
    request
        .handler(bounded::add)
        .exceptionHandler(bounded.body::tryFail)
        .endHandler(end -> bounded.body.tryComplete(bounded.read));
    return bounded.body.future();
  }

  private void add(Buffer chunk) {
    if (body.future().isComplete()) return;
    read.appendBuffer(chunk);
    if (read.length() > limit) body.fail(new TooLongException());
  }

  /** The body is longer than the limit. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}

package dev.heliograph.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceId;
import org.junit.jupiter.api.Test;

class WhatsAppIdTest {
  private static final InstanceId ONE = new InstanceId("inst_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  private static final InstanceId OTHER = new InstanceId("inst_01ARZ3NDEKTSV4RRFFQ69G5FAW");

  @Test
  void aDrawnOneIsNew() {
    assertThat(WhatsAppId.random()).matches("3EB0[0-9A-F]{18}").isNotEqualTo(WhatsAppId.random());
  }

  @Test
  void aDerivedOneIsAlwaysTheSame() {
    // A request that is repeated after an upgrade must be the same message.
    assertThat(WhatsAppId.ofClientRef(ONE, "order-17")).isEqualTo("3EB069398FA425A771036C");
    assertThat(WhatsAppId.ofIdempotencyKey(ONE, "order-17")).isEqualTo("3EB06AF5ABAF971F67C194");
  }

  @Test
  void whatItIsDerivedFromMakesTheDifference() {
    assertThat(WhatsAppId.ofClientRef(ONE, "order-17"))
        .isNotEqualTo(WhatsAppId.ofClientRef(ONE, "order-18"))
        .isNotEqualTo(WhatsAppId.ofClientRef(OTHER, "order-17"))
        .isNotEqualTo(WhatsAppId.ofIdempotencyKey(ONE, "order-17"));
  }
}

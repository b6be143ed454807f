package dev.heliograph.instance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumberTest {
  @ParameterizedTest
  @CsvSource({"+14155550123, 14155550123", "6281100000000, 6281100000000", "+2907123, 2907123"})
  void aNumberHasItsCountryCode(String text, String digits) {
    PhoneNumber number = PhoneNumber.parse(text).orElseThrow();

    assertThat(number.digits()).isEqualTo(digits);
    assertThat(number.e164()).isEqualTo("+" + digits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+",
        "+0123456789",
        "123456",
        "1234567890123456",
        "+1 415 555 0123",
        "++14155550123",
        "+1415555O123",
        "１４１５５５５０１２３",
        "14155550123\n",
        "14155550123@s.whatsapp.net"
      })
  void anythingElseIsNone(String text) {
    assertThat(PhoneNumber.parse(text)).isEmpty();
  }

  @Test
  void itIsNotPrinted() {
    assertThat(new PhoneNumber("14155550123").toString()).doesNotContain("1415");
  }
}

package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  /** The system's resolver reads literals, in all the forms that it knows. */
  private final AddressGuard guard = new AddressGuard(HostResolver.system(), List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254", // a cloud's metadata
        "169.254.170.2", // a container's credentials
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "2130706433", // 127.0.0.1 as one number
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]", // the metadata's, through NAT64
        "[100::1]",
        "[2001::1]", // Teredo
        "[2001:db8::1]",
        "[2002:7f00:1::]", // 127.0.0.1, by 6to4
        "[3fff::1]",
        "[fc00::1]",
        "[fd00:ec2::254]", // a cloud's metadata
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]"
      })
  void noAddressLeadsInside(String host) {
    assertThatThrownBy(() -> guard.addressesOf(new EndpointUrl("https://" + host + "/")))
        .isInstanceOfSatisfying(
            RefusedTargetException.class,
            refused -> assertThat(refused.code()).isEqualTo("address_not_public"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "223.255.255.255",
        "[2606:4700:4700::1111]",
        "[2a00:1450:4001:80b::200e]"
      })
  void publicOnesAreReached(String host) {
    assertThat(guard.addressesOf(new EndpointUrl("https://" + host + "/"))).hasSize(1);
  }

  @Test
  void oneBadAddressOfANameIsEnough() {
    AddressGuard mixed = guardOf("1.1.1.1", "10.0.0.1");

    assertThatThrownBy(() -> mixed.addressesOf(new EndpointUrl("https://hooks.example/")))
        .isInstanceOf(RefusedTargetException.class);
  }

  @Test
  void plainHttpIsForTheOperatorsOwnAddresses() {
    assertThatThrownBy(
            () -> guardOf("1.1.1.1").addressesOf(new EndpointUrl("http://hooks.example/")))
        .isInstanceOfSatisfying(
            RefusedTargetException.class,
            refused -> assertThat(refused.code()).isEqualTo("https_required"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1/, true",
    "https://127.0.0.1/, true",
    "http://[::1]/, true",
    "https://10.1.2.3/, true",
    "https://10.2.2.3/, false",
    "http://1.1.1.1/, false",
  })
  void whatTheOperatorAllowsIsReached(String url, boolean reached) {
    AddressGuard allowing =
        new AddressGuard(
            HostResolver.system(),
            List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128"), Cidr.parse("10.1.0.0/16")));
    EndpointUrl endpoint = new EndpointUrl(url);

    if (reached) {
      assertThat(allowing.addressesOf(endpoint)).hasSize(1);
    } else {
      assertThatThrownBy(() -> allowing.addressesOf(endpoint))
          .isInstanceOf(RefusedTargetException.class);
    }
  }

  @Test
  void aNameThatNobodyHasIsRefusedWithoutRepeatingIt() {
    HostResolver nobody =
        host -> {
          throw new UnknownHostException(host);
        };
    AddressGuard refusing = new AddressGuard(nobody, List.of());

    assertThatThrownBy(() -> refusing.addressesOf(new EndpointUrl("https://hooks.example/")))
        .isInstanceOf(RefusedTargetException.class)
        .hasNoCause()
        .hasMessageNotContaining("hooks.example");
  }

  @Test
  void aNameServerThatIsSilentIsNotWaitedFor() {
    CountDownLatch never = new CountDownLatch(1);
    HostResolver silent =
        host -> {
          awaitInterruption(never);
          return List.of();
        };
    AddressGuard impatient = new AddressGuard(silent.within(Duration.ofMillis(50)), List.of());

    assertThatThrownBy(() -> impatient.addressesOf(new EndpointUrl("https://hooks.example/")))
        .isInstanceOfSatisfying(
            RefusedTargetException.class,
            refused -> assertThat(refused.code()).isEqualTo("host_unknown"));
    never.countDown();
  }

  private static void awaitInterruption(CountDownLatch never) {
    try {
      never.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static AddressGuard guardOf(String... addresses) {
    return new AddressGuard(
        host -> Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(), List.of());
  }
}

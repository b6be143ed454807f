package dev.heliograph.whatsapp.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void newOnesAreNobodysAndAreReadBack() {
    Credentials credentials = Credentials.generate(random);

    assertThat(credentials.isPaired()).isFalse();
    assertThat(Credentials.decode(credentials.encode())).isEqualTo(credentials);
    assertThat(credentials.registrationId()).isBetween(1, 16380);
    assertThat(
            PublicKeys.verify(
                credentials.identityKey().publicKey(),
                PublicKeys.withType(credentials.signedPreKey().keyPair().publicKey()),
                credentials.signedPreKey().signature()))
        .isTrue();
    assertThatThrownBy(credentials::account).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void pairedOnesAreReadBackWithTheirAccount() {
    Credentials paired = Phone.paired(random);
    Credentials confirmed = paired.withAccount(paired.account().asConfirmed());

    assertThat(Credentials.decode(paired.encode())).isEqualTo(paired);
    assertThat(Credentials.decode(confirmed.encode()).account().confirmed()).isTrue();
  }

  @Test
  void anAccountKnowsItsOwnDevices() {
    Account account = Phone.paired(random).account();

    assertThat(account.owns(Phone.PN.bare())).isTrue();
    assertThat(account.owns(Phone.LID.withDevice(3))).isTrue();
    assertThat(account.owns(Jid.lid("999"))).isFalse();
    assertThat(account.owns(Jid.pn(Phone.LID.user()))).isFalse();
    assertThat(account.isThisDevice(Phone.LID)).isTrue();
    assertThat(account.isThisDevice(Phone.PN)).isTrue();
    assertThat(account.isThisDevice(Phone.LID.bare())).isFalse();
  }

  @Test
  void bytesThatAreNoCredentialsAreRefused() {
    assertThatThrownBy(() -> Credentials.decode(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noneOfThemPrintsAKeyOrAnAddress() {
    Credentials paired = Phone.paired(random);

    assertThat(paired.toString()).isEqualTo("Credentials[paired=true]");
    assertThat(paired.account().toString()).isEqualTo("Account[device=7, confirmed=false]");
    assertThat(paired.signedPreKey().toString()).isEqualTo("SignedPreKey[1]");
  }
}

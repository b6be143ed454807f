package dev.heliograph.function;

import dev.heliograph.config.Secret;

/** Where the deployment's secret key is. */
public sealed interface SecretSource {
  /** Said in the environment. */
  record Given(Secret key) implements SecretSource {}

  /** The text of a secret in Secrets Manager, by its ARN. */
  record InSecretsManager(String arn) implements SecretSource {}
}

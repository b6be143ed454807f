package dev.heliograph.webhook;

/** An endpoint that was just created, with the secret that nobody is shown again. */
public record NewEndpoint(Endpoint endpoint, SigningSecret secret) {}

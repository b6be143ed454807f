package dev.heliograph.webhook;

import software.amazon.awssdk.core.SdkBytes;

/** A signing secret as it lies in the table. */
public record SealedSecret(SdkBytes bytes) {}

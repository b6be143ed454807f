package dev.heliograph.sandbox.account;

import java.util.Optional;

/** What somebody needs to begin a Signal session with a device. */
public record Bundle(Device device, Optional<PublicKey> oneTimePreKey) {}

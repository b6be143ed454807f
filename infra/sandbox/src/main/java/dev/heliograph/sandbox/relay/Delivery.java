package dev.heliograph.sandbox.relay;

import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.wire.Node;

/** A stanza on its way to one device. */
public record Delivery(DeviceAddress to, Node stanza) {}

/** What travels between devices: messages, receipts and the queues that they wait in. */
@NullMarked
package dev.heliograph.sandbox.relay;

import org.jspecify.annotations.NullMarked;

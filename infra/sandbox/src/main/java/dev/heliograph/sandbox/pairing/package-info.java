/** How a companion becomes a device: QR refs, the scan, and the signatures. */
@NullMarked
package dev.heliograph.sandbox.pairing;

import org.jspecify.annotations.NullMarked;

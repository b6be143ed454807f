/**
 * What makes us a linked device: credentials, pairing, what we say of ourselves when we connect.
 */
@NullMarked
package dev.heliograph.whatsapp.auth;

import org.jspecify.annotations.NullMarked;

package dev.heliograph.session;

import dev.heliograph.whatsapp.auth.ClientPayloads;
import java.time.Duration;

/**
 * What all sessions of a worker have in common.
 *
 * @param worker the id of the worker's incarnation
 * @param generation raised by the operator after tables were restored from a backup; from 0
 * @param payloads who we say we are
 * @param grace how long a take-over may take before the customer is told
 * @param lease how long to stay down when someone else has connected with our credentials
 * @param resendFor how long a message can be asked for again
 */
public record SessionSettings(
    String worker,
    long generation,
    ClientPayloads payloads,
    Duration grace,
    Duration lease,
    Duration resendFor) {}

package dev.heliograph.bench.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is to be like.
 *
 * @param folder for data and logs; not there, or empty
 * @param dedup whether the server drops a message that comes again under its id
 * @param ackLoss the probability that the server keeps a message's ack to itself
 * @param rate texts per second, both ways together
 * @param baileys how many of the phones at the other end have Baileys as a companion
 */
public record ChaosOptions(
    Path folder,
    int sessions,
    int workers,
    Duration lasting,
    Duration shortestPause,
    Duration longestPause,
    long seed,
    boolean dedup,
    double ackLoss,
    double rate,
    int baileys) {}

package dev.heliograph.bench.chaos;

import dev.heliograph.sandbox.baileys.BaileysClient.Received;
import java.util.List;
import java.util.Map;

/**
 * What Baileys has shown as a companion of one phone, and what the sandbox has counted there.
 *
 * @param received in the order in which it was shown
 * @param givenAgain how many ciphertexts that it had read the phone was given again; of the first
 *     repeat of a message Baileys is always given its own part, too
 * @param retryReceipts how many Baileys has sent
 * @param answeredTwice how often it has both acked a message and sent a receipt for it, by its id
 */
record BaileysScreen(
    List<Received> received,
    int givenAgain,
    int retryReceipts,
    Map<String, Integer> answeredTwice) {}

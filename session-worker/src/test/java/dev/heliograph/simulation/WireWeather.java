package dev.heliograph.simulation;

/**
 * What goes wrong between a session and WhatsApp, and with whoever rings: of a thousand cases.
 *
 * @param unreachable an attempt to connect leads nowhere
 * @param cut a connection breaks when something is sent on it, and is noticed much later
 * @param trouble the server lets nobody in at the moment, or ends the stream
 * @param unanswered an iq gets no answer
 * @param dropped the server loses a message of ours before it has it
 * @param noAck a message of ours gets no server ack
 * @param stale the server refuses it once, for devices that are not there any more
 * @param ackTwice it gets two of them
 * @param ackLate it gets one after the receipts
 * @param refused it is refused, for now or for good
 * @param twice a stanza or a receipt comes twice
 * @param corrupt a ciphertext arrives that is none
 * @param amnesia the peer has lost its session with us
 * @param stepTwice it loses what it last wrote of it, and uses a step once more
 * @param ringLost nobody hears a ring
 * @param ringTwice it is heard twice, and by somebody who owned the shard once
 */
record WireWeather(
    int unreachable,
    int cut,
    int trouble,
    int unanswered,
    int dropped,
    int noAck,
    int stale,
    int ackTwice,
    int ackLate,
    int refused,
    int twice,
    int corrupt,
    int amnesia,
    int stepTwice,
    int ringLost,
    int ringTwice) {
  static final WireWeather FAIR = new WireWeather(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  static final WireWeather UNREACHABLE =
      new WireWeather(1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  static final WireWeather STALE =
      new WireWeather(0, 0, 0, 0, 0, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  static WireWeather drawn(Chance chance) {
    return new WireWeather(
        chance.sometimes(200),
        chance.sometimes(30),
        chance.sometimes(100),
        chance.sometimes(20),
        chance.sometimes(50),
        chance.sometimes(150),
        chance.sometimes(300),
        chance.sometimes(200),
        chance.sometimes(200),
        chance.sometimes(30),
        chance.sometimes(150),
        chance.sometimes(60),
        chance.sometimes(60),
        chance.sometimes(60),
        chance.sometimes(500),
        chance.sometimes(300));
  }
}

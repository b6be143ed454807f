package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.instance.Instance;
import dev.heliograph.json.Json;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageStatus;
import org.junit.jupiter.api.Test;

class WorkerTest extends WithWorker {
  @Test
  void aNumberPairsSendsAndReceives() throws Exception {
    String phone = newPhone();
    String friend = newPhone();
    Instance instance = pair(phone);
    Message message = send(instance, friend, "hello");
    awaitMessage(message, MessageStatus.DELIVERED);
    post("/phones/" + friend + "/messages", Json.object().put("to", phone).put("text", "hi"));

    await().atMost(SOON).until(() -> events(instance).contains("message.received"));
    assertThat(textsShownAt(friend)).containsExactly("hello");
    assertThat(events(instance))
        .containsSubsequence(
            "instance.connecting",
            "instance.qr",
            "instance.connecting",
            "instance.connected",
            "message.sent",
            "message.delivered",
            "message.received");
  }
}

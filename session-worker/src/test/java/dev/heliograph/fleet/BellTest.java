package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.command.Doorbell;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.table.LocalSqs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BellTest {
  private static final int SHARD = 3;

  @RegisterExtension final LocalSqs sqs = LocalSqs.withAllQueues();

  private final InstanceId instance = InstanceId.draw(IdGenerator.random());
  private final List<InstanceId> heard = new ArrayList<>();

  /** One whose owner has the shard so often as it asks: before each poll, and behind it. */
  private void listen(int held) {
    AtomicInteger asked = new AtomicInteger();
    new Bell(
            SHARD,
            sqs.client(),
            sqs.prefix(),
            this::heard,
            () -> heard.isEmpty() && asked.getAndIncrement() < held,
            Bell.notHeard())
        .run();
  }

  private void heard(int shard, Map<InstanceId, List<QueuePlace>> named) {
    heard.addAll(named.keySet());
  }

  @Test
  void whatSomebodyTookWhoHasTheShardNoMoreIsHeardByTheNext() {
    new Doorbell(sqs.client(), sqs.prefix()).ring(instance, SHARD);
    listen(1); // has it no more when the poll comes back
    assertThat(heard).isEmpty();

    listen(2); // one poll, which ends before a tick would look

    assertThat(heard).containsExactly(instance);
  }
}

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

  /** A tick finds what no ring has told of; a ring that is only heard then has been for nothing. */
  private static final int POLLS_BEFORE_A_TICK = 1;

  @RegisterExtension final LocalSqs sqs = LocalSqs.withAllQueues();

  private final InstanceId instance = InstanceId.draw(IdGenerator.random());
  private final List<InstanceId> heard = new ArrayList<>();

  /** One whose owner has the shard for so many polls. */
  private void listen(int polls) {
    AtomicInteger asked = new AtomicInteger();
    new Bell(
            SHARD,
            sqs.client(),
            sqs.prefix(),
            this::heard,
            () -> heard.isEmpty() && asked.getAndIncrement() < polls,
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

    listen(1 + POLLS_BEFORE_A_TICK);

    assertThat(heard).containsExactly(instance);
  }
}

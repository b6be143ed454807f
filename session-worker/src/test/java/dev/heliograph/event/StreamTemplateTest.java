package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.template.Template;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code template.yaml} puts before workers' streams suits them. */
class StreamTemplateTest {
  private static final Template TEMPLATE = Template.read();
  private static final JsonNode CONTAINER =
      TEMPLATE.resource("WorkerTask").at("/ContainerDefinitions/0");
  private static final JsonNode FRONT = TEMPLATE.resource("Front").get("DistributionConfig");

  private static String port() {
    for (JsonNode variable : CONTAINER.get("Environment")) {
      if (variable.get("Name").asText().equals("HELIOGRAPH_STREAM_PORT")) {
        return variable.get("Value").asText();
      }
    }
    throw new AssertionError("workers have no port for streams");
  }

  @Test
  void cloudFrontSendsThemToTheirOrigin() {
    JsonNode behaviour = FRONT.at("/CacheBehaviors/1/0");
    JsonNode origin = FRONT.at("/Origins/1/1");

    assertThat(behaviour.get("PathPattern").asText()).isEqualTo(EventStreams.PATH + "*");
    assertThat(behaviour.get("TargetOriginId").asText()).isEqualTo(origin.get("Id").asText());
    assertThat(behaviour.get("Compress").asBoolean()).isFalse();
    for (String policy : List.of("CachePolicyId", "OriginRequestPolicyId")) {
      assertThat(behaviour.get(policy)).isEqualTo(FRONT.get("DefaultCacheBehavior").get(policy));
    }
    assertThat(TEMPLATE.yaml().at("/Outputs/StreamUrl/Value/2").asText())
        .endsWith(EventStreams.PATH);
  }

  @Test
  void nothingOnTheWayTakesThemForDead() {
    long heartbeat = StreamPace.DEFAULT.heartbeat().toSeconds();

    assertThat(FRONT.at("/Origins/1/1/VpcOriginConfig/OriginReadTimeout").asLong())
        .isBetween(3 * heartbeat, 60L);
    assertThat(attribute("StreamBalancer", "LoadBalancerAttributes", "idle_timeout"))
        .isGreaterThan(3 * heartbeat)
        .isLessThan(EventStreamServer.IDLE_SECONDS);
  }

  @Test
  void aWorkerThatGoesDoesNotWaitForStreamsThatDoNotEnd() {
    assertThat(attribute("StreamTargets", "TargetGroupAttributes", "deregistration_delay"))
        .isLessThan(CONTAINER.get("StopTimeout").asLong() / 2);
  }

  private static long attribute(String resource, String list, String name) {
    for (JsonNode attribute : TEMPLATE.resource(resource).get(list)) {
      if (attribute.get("Key").asText().equals(name + ".timeout_seconds")) {
        return attribute.get("Value").asLong();
      }
    }
    throw new AssertionError("no " + name);
  }

  @Test
  void onlyTheirLoadBalancerReachesWorkersAndNobodyOnTheInternetIt() {
    assertThat(TEMPLATE.resource("StreamBalancer").get("Scheme").asText()).isEqualTo("internal");
    assertThat(TEMPLATE.resource("WorkerSecurityGroup").has("SecurityGroupIngress")).isFalse();
    assertThat(TEMPLATE.resources("AWS::EC2::SecurityGroupIngress")).hasSize(1);
    JsonNode ingress = TEMPLATE.resource("StreamsToWorkers");
    assertThat(ingress.get("GroupId").asText()).isEqualTo("WorkerSecurityGroup.GroupId");
    assertThat(ingress.get("SourceSecurityGroupId").asText())
        .isEqualTo("StreamBalancerSecurityGroup.GroupId");
  }

  @Test
  void allMeanTheSamePort() {
    JsonNode egress = TEMPLATE.resource("StreamBalancerSecurityGroup").at("/SecurityGroupEgress/0");
    JsonNode ingress = TEMPLATE.resource("StreamsToWorkers");
    JsonNode service = TEMPLATE.resource("WorkerService").at("/LoadBalancers/1/0");
    List<JsonNode> ports =
        List.of(
            CONTAINER.at("/PortMappings/0/ContainerPort"),
            TEMPLATE.resource("StreamTargets").get("Port"),
            egress.get("FromPort"),
            egress.get("ToPort"),
            ingress.get("FromPort"),
            ingress.get("ToPort"),
            service.get("ContainerPort"));

    assertThat(ports).extracting(JsonNode::asText).containsOnly(port());
    assertThat(service.get("ContainerName")).isEqualTo(CONTAINER.get("Name"));
    assertThat(TEMPLATE.resource("StreamTargets").get("HealthCheckPath").asText())
        .isEqualTo("/healthz");
  }

  /** What is not switched off with the rest costs money, or has nothing to lean on. */
  @Test
  void allOfItIsSwitchedOffTogether() {
    List<String> unconditional = new ArrayList<>();
    for (var resource : TEMPLATE.yaml().get("Resources").properties()) {
      String type = resource.getValue().get("Type").asText();
      boolean isForStreams =
          type.startsWith("AWS::ElasticLoadBalancingV2::")
              || resource.getKey().startsWith("Stream");
      if (isForStreams && !resource.getValue().path("Condition").asText().equals("HasStreaming")) {
        unconditional.add(resource.getKey());
      }
    }

    assertThat(unconditional).isEmpty();
    for (JsonNode choice :
        List.of(
            FRONT.get("CacheBehaviors"),
            FRONT.at("/Origins/1"),
            TEMPLATE.resource("WorkerService").get("LoadBalancers"))) {
      assertThat(choice.get(0).asText()).isEqualTo("HasStreaming");
      assertThat(choice.get(2).asText()).isEqualTo("AWS::NoValue");
    }
  }
}

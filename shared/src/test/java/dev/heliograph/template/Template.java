package dev.heliograph.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code template.yaml}; functions such as {@code !Sub} read as what stands behind them. */
public record Template(JsonNode yaml) {
  private static final Pattern VARIABLE = Pattern.compile("\"((?:HELIOGRAPH|HEARTBEAT)_[A-Z_]+)\"");
  private static final String PREFIX = "${Prefix}";

  /** The template of this checkout, for a module right below its root. */
  public static Template read() {
    return in(Path.of(".."));
  }

  /**
   * The template of a checkout.
   *
   * @param root its folder
   */
  public static Template in(Path root) {
    try (var in = Files.newInputStream(root.resolve("template.yaml"))) {
      return new Template(new YAMLMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The properties of a resource. */
  public JsonNode resource(String logicalId) {
    JsonNode properties = yaml.at("/Resources/" + logicalId + "/Properties");
    if (properties.isMissingNode()) {
      throw new IllegalStateException("there is no " + logicalId);
    }
    return properties;
  }

  /** The properties of each resource of a type, by logical id. */
  public Map<String, JsonNode> resources(String type) {
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    for (var resource : yaml.get("Resources").properties()) {
      if (resource.getValue().get("Type").asText().equals(type)) {
        resources.put(resource.getKey(), resource.getValue().path("Properties"));
      }
    }
    return resources;
  }

  /** The properties of each resource of a type, by name; what has no prefix has no name of ours. */
  public Map<String, JsonNode> named(String type, String nameProperty) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (JsonNode properties : resources(type).values()) {
      named.put(withoutPrefix(properties.path(nameProperty).asText()), properties);
    }
    return named;
  }

  private static String withoutPrefix(String name) {
    if (!name.startsWith(PREFIX)) {
      throw new IllegalStateException(name + " does not begin with the prefix");
    }
    return name.substring(PREFIX.length());
  }

  /** The properties of the function whose handler is this class. */
  public JsonNode function(Class<?> handler) {
    return resources("AWS::Serverless::Function").values().stream()
        .filter(function -> function.get("Handler").asText().equals(handler.getName()))
        .findFirst()
        .orElseThrow();
  }

  /** The handlers of all functions, by the names of their classes. */
  public Set<String> handlers() {
    return resources("AWS::Serverless::Function").values().stream()
        .map(function -> function.get("Handler").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether the function's processes begin with a snapshot of one. */
  public boolean hasSnapStart(Class<?> handler) {
    String own = function(handler).at("/SnapStart/ApplyOn").asText();
    String ofAll = yaml.at("/Globals/Function/SnapStart/ApplyOn").asText();
    return (own.isEmpty() ? ofAll : own).equals("PublishedVersions");
  }

  /** The properties of a function's one event. */
  public JsonNode event(Class<?> handler) {
    return function(handler).get("Events").elements().next().get("Properties");
  }

  /** The role of the function whose handler is this class, by its logical id. */
  public String role(Class<?> handler) {
    return function(handler).get("Role").asText().replace(".Arn", "");
  }

  /**
   * What a role allows, as {@code "dynamodb:Query messages/index/queued"}: an action and what it
   * may be done to, by the names that the code has for tables and queues, and by logical ids else.
   */
  public Set<String> allowedTo(String role) {
    Set<String> allowed = new TreeSet<>();
    for (JsonNode policy : resource(role).get("Policies")) {
      for (JsonNode statement : policy.at("/PolicyDocument/Statement")) {
        for (JsonNode action : statement.get("Action")) {
          for (JsonNode resource : statement.get("Resource")) {
            allowed.add(action.asText() + " " + target(resource.asText()));
          }
        }
      }
    }
    return allowed;
  }

  private String target(String arn) {
    String text = arn.replace("${", "").replace("}", "").replaceFirst(".*:Prefix", "");
    String id = text.replaceFirst("\\.Arn.*", "");
    String rest = text.contains(".Arn") ? text.substring(text.indexOf(".Arn") + 4) : "";
    JsonNode properties = yaml.at("/Resources/" + id + "/Properties");
    for (String name : List.of("TableName", "QueueName")) {
      if (properties.has(name)) {
        return withoutPrefix(properties.get(name).asText()) + rest;
      }
    }
    return id + rest;
  }

  /**
   * The variables that a class asks its environment for, by what its source names.
   *
   * @param module the folder of the module that it is in
   */
  public static Set<String> variablesIn(String module, Class<?> settings) throws IOException {
    Path source =
        Path.of("..", module, "src", "main", "java")
            .resolve(settings.getName().replace('.', '/') + ".java");
    return VARIABLE
        .matcher(Files.readString(source))
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The alarms, by logical id, that are about a metric which {@code isMeant}. */
  public List<String> alarms(Predicate<JsonNode> isMeant) {
    List<String> alarms = new ArrayList<>();
    for (var alarm : resources("AWS::CloudWatch::Alarm").entrySet()) {
      List<JsonNode> metrics = new ArrayList<>();
      alarm.getValue().path("Metrics").forEach(it -> metrics.add(it.at("/MetricStat/Metric")));
      metrics.add(alarm.getValue());
      if (metrics.stream().anyMatch(isMeant)) {
        alarms.add(alarm.getKey());
      }
    }
    return alarms;
  }
}

package dev.heliograph.bench.functions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.api.ApiHandler;
import dev.heliograph.bench.BenchFolder;
import dev.heliograph.event.EventFanoutHandler;
import dev.heliograph.json.Json;
import dev.heliograph.local.aws.LocalAws;
import dev.heliograph.local.lambda.EmulatedFunction;
import dev.heliograph.local.lambda.Emulator;
import dev.heliograph.local.lambda.Events;
import dev.heliograph.local.lambda.FunctionPackage;
import dev.heliograph.webhook.JanitorHandler;
import dev.heliograph.webhook.WebhookDeliveryHandler;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code heliograph bench functions}: how big their archive is and how long each one starts. */
@Command(
    name = "functions",
    description = {
      "Starts each Lambda function from its archive under AWS's runtime interface emulator, with",
      "and without SnapStart's hooks. Needs the SAM CLI in .venv (infra/tools/check-template)."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class FunctionsCommand implements Callable<Integer> {
  private static final String NOBODY = "hg_" + "1".repeat(64);
  private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = ".heliograph/functions",
      description =
          "Where data, logs and the result are kept; what an earlier run left is removed.")
  private Path data = Path.of(".heliograph/functions");

  @Option(
      names = "--root",
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "The checkout, with what mvn package makes of it.")
  private Path root = Path.of(".");

  @Spec private CommandSpec spec = CommandSpec.create();

  /** A call that each function can answer although there is nothing to do. */
  private static Map<Class<?>, String> calls() {
    Map<Class<?>, String> calls = new LinkedHashMap<>();
    calls.put(ApiHandler.class, Events.http(NOBODY, "GET", "/v1/instances", null));
    calls.put(
        EventFanoutHandler.class,
        Events.stream("inst_" + ULID, "cust_" + ULID, "instance.connected"));
    calls.put(WebhookDeliveryHandler.class, Events.queue("{\"delivery\":\"dlv_" + ULID + "\"}"));
    calls.put(JanitorHandler.class, "{}");
    return calls;
  }

  @Override
  public Integer call() throws Exception {
    BenchFolder.clear(data);
    Path folder = data.toAbsolutePath().normalize();
    Emulator emulator =
        Emulator.find(root)
            .orElseThrow(
                () -> new IllegalStateException("infra/tools/check-template gets the tool"));
    FunctionPackage functions = FunctionPackage.in(root);
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode result = Json.object().put("package_bytes", functions.bytes());
    ArrayNode starts = result.putArray("starts");
    out.printf("The archive: %.1f MB%n%n", functions.bytes() / 1e6);
    out.println(
        "| function | INIT | first call | second | INIT with priming | first call after it |");
    out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
    try (LocalAws aws = LocalAws.start(folder.resolve("dynamodb"), 0, 0, "heliograph-")) {
      Map<String, String> environment = new HashMap<>(aws.addresses().environment());
      environment.put("HELIOGRAPH_SECRET_KEY", "nothing is sealed with this in a bench");
      for (var call : calls().entrySet()) {
        Path place = Files.createDirectory(folder.resolve(call.getKey().getSimpleName()));
        Start cold = start(emulator, functions, call, place.resolve("cold"), environment, false);
        Start primed = start(emulator, functions, call, place.resolve("primed"), environment, true);
        out.printf(
            "| `%s` | %d ms | %d ms | %d ms | %d ms | %d ms |%n",
            call.getKey().getSimpleName(),
            cold.init().toMillis(),
            cold.first().toMillis(),
            cold.second().toMillis(),
            primed.init().toMillis(),
            primed.first().toMillis());
        out.flush();
        starts
            .addObject()
            .put("function", call.getKey().getSimpleName())
            .put("init_ms", cold.init().toMillis())
            .put("first_ms", cold.first().toMillis())
            .put("primed_init_ms", primed.init().toMillis())
            .put("primed_first_ms", primed.first().toMillis());
      }
    }
    Files.writeString(folder.resolve("result.json"), Json.write(result));
    return 0;
  }

  private static Start start(
      Emulator emulator,
      FunctionPackage functions,
      Map.Entry<Class<?>, String> call,
      Path folder,
      Map<String, String> environment,
      boolean withSnapStart)
      throws Exception {
    Files.createDirectory(folder);
    try (EmulatedFunction function =
        EmulatedFunction.start(
            emulator, functions, call.getKey(), folder, environment, withSnapStart)) {
      function.invoke(call.getValue());
      function.invoke(call.getValue());
      return new Start(function.init(), function.calls().getFirst(), function.calls().getLast());
    }
  }

  /** How long a function took. */
  private record Start(Duration init, Duration first, Duration second) {}
}

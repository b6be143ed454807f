package dev.heliograph.bench.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import dev.heliograph.local.e2e.Customer.Paired;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The numbers that a run has paired, for those after it: pairing takes longer than they do. */
final class NumbersFile {
  private final Path file;

  NumbersFile(Path folder) {
    file = folder.resolve("numbers.json");
  }

  boolean exists() {
    return Files.exists(file);
  }

  void write(List<LinkedNumber> numbers) throws IOException {
    ObjectNode json = Json.object();
    for (LinkedNumber number : numbers) {
      json.putObject(number.instance())
          .put("msisdn", number.msisdn())
          .put("device", number.device().device())
          .put("lid", number.lid());
    }
    Files.writeString(file, Json.write(json));
  }

  List<LinkedNumber> read() throws IOException {
    List<LinkedNumber> numbers = new ArrayList<>();
    Json.read(Files.readString(file))
        .properties()
        .forEach(field -> numbers.add(fromJson(field.getKey(), field.getValue())));
    return numbers;
  }

  private static LinkedNumber fromJson(String instance, JsonNode json) {
    Paired paired = new Paired(instance, json.path("msisdn").asText(), json.path("device").asInt());
    return new LinkedNumber(paired, json.path("lid").asText());
  }
}

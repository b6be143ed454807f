package dev.heliograph.journal;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.message.MessageId;
import java.util.List;
import java.util.function.Function;

/** The one mapping between facts, the state they fold to, and the JSON that is stored. */
final class FactJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(ids())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // A version that is rolled back reads what a newer one has written.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .build();

  /**
   * Of checkpoints: one more with each change that a version before it must not overlook, as it
   * would write the next checkpoint without.
   */
  private static final int FORMAT = 1;

  private static final TypeReference<List<Fact>> FACTS = new TypeReference<>() {};

  private FactJson() {}

  static String write(List<Fact> facts) {
    try {
      return JSON.writerFor(FACTS).writeValueAsString(facts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a fact has no JSON", e);
    }
  }

  /**
   * Facts as they were stored.
   *
   * @throws UnreadableJournalException if there are some of a kind that this version does not know
   */
  static List<Fact> read(String json) {
    try {
      return JSON.readValue(json, FACTS);
    } catch (JsonProcessingException e) {
      throw unreadable("an entry's facts", e);
    }
  }

  static String write(SessionState state) {
    try {
      return JSON.writeValueAsString(JSON.<ObjectNode>valueToTree(state).put("format", FORMAT));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state has no JSON", e);
    }
  }

  /**
   * A state as it was stored.
   *
   * @throws UnreadableJournalException if a newer version has put something into it that this one
   *     would lose
   */
  static SessionState readState(String json) {
    try {
      JsonNode stored = JSON.readTree(json);
      int format = stored.path("format").asInt(FORMAT);
      if (format > FORMAT) {
        throw new UnreadableJournalException("a checkpoint has format " + format);
      }
      return JSON.treeToValue(stored, SessionState.class);
    } catch (JsonProcessingException e) {
      throw unreadable("a checkpoint", e);
    }
  }

  /** The parser's own words quote what it stumbled over: they are not passed on. */
  private static UnreadableJournalException unreadable(String what, JsonProcessingException e) {
    return new UnreadableJournalException(
        what + " cannot be read: " + e.getClass().getSimpleName());
  }

  private static SimpleModule ids() {
    SimpleModule module = new SimpleModule();
    addId(module, MessageId.class, MessageId::new);
    addId(module, PairingId.class, PairingId::new);
    return module;
  }

  private static <T> void addId(SimpleModule module, Class<T> type, Function<String, T> read) {
    module.addSerializer(type, ToStringSerializer.instance);
    module.addDeserializer(type, new IdDeserializer<>(type, read));
  }

  private static final class IdDeserializer<T> extends FromStringDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, T> read;

    IdDeserializer(Class<T> type, Function<String, T> read) {
      super(type);
      this.read = read;
    }

    @Override
    protected T _deserialize(String value, DeserializationContext context) {
      return read.apply(value);
    }
  }
}

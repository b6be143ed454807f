package dev.heliograph.whatsapp.signal;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.proto.StoredPreKey;
import dev.heliograph.whatsapp.proto.StoredPreKeyBlock;
import dev.heliograph.whatsapp.proto.StoredPreKeyIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Our one-time pre-keys. Fifty of them, by id, share the record {@code prekeys#<first id>}; {@code
 * prekeys} tells which id is next. An id that was given to a key is never given to another one.
 */
public final class PreKeys {
  /** How many a new device uploads. */
  public static final int FIRST_UPLOAD = 100;

  /** How many follow when the server has fewer than {@link #REFILL_BELOW}. */
  public static final int REFILL = 50;

  public static final int REFILL_BELOW = 20;

  static final int BLOCK = 50;

  /** Whoever sends what cannot be read is given a key each time, and need not use any. */
  static final int MOST_GIVEN = 100;

  private static final String INDEX = "prekeys";
  private static final int LAST_ID = 0xFFFFFF;

  private final Records records;
  private final RandomGenerator random;

  public PreKeys(Records records, RandomGenerator random) {
    this.records = records;
    this.random = random;
  }

  /**
   * Keys to upload: those that an earlier upload may not have brought to the server, and as many
   * new ones as it takes to be {@code count}. They stay to upload until {@link #uploaded} is told
   * otherwise.
   */
  public List<PreKey> toUpload(int count) {
    List<PreKey> keys = new ArrayList<>(waiting());
    while (keys.size() < count) keys.add(create(false));
    return keys;
  }

  /** The server has these. */
  public void uploaded(List<PreKey> keys) {
    for (PreKey key : keys) {
      change(key.id(), stored -> stored.toBuilder().setGiven(true).build());
    }
  }

  /**
   * A key for one peer alone, in a retry receipt: it is never uploaded. The one that was given
   * {@link #MOST_GIVEN} times ago is no good any more.
   */
  public PreKey give() {
    PreKey key = create(true);
    StoredPreKeyIndex index = index();
    List<Integer> given = new ArrayList<>(index.getGivenList());
    given.add(key.id());
    while (given.size() > MOST_GIVEN) {
      int oldest = given.removeFirst();
      if (has(oldest)) remove(oldest);
    }
    putIndex(index.toBuilder().clearGiven().addAllGiven(given).build());
    return key;
  }

  /** How many have not been used, wherever they are. */
  public int count() {
    return blocks().stream().mapToInt(first -> block(first).getKeysCount()).sum();
  }

  Optional<KeyPair> find(int id) {
    return block(firstOfBlock(id)).getKeysList().stream()
        .filter(key -> key.getId() == id)
        .map(key -> KeyPair.ofPrivate(key.getPrivateKey()))
        .findFirst();
  }

  boolean has(int id) {
    return block(firstOfBlock(id)).getKeysList().stream().anyMatch(key -> key.getId() == id);
  }

  void remove(int id) {
    int first = firstOfBlock(id);
    List<StoredPreKey> rest =
        block(first).getKeysList().stream().filter(key -> key.getId() != id).toList();
    put(first, rest);
  }

  private List<PreKey> waiting() {
    return blocks().stream()
        .flatMap(first -> block(first).getKeysList().stream())
        .filter(key -> !key.getGiven())
        .map(key -> new PreKey(key.getId(), KeyPair.ofPrivate(key.getPrivateKey()).publicKey()))
        .toList();
  }

  private PreKey create(boolean given) {
    StoredPreKeyIndex index = index();
    int id = index.getNextId();
    KeyPair keyPair = KeyPair.generate(random);
    StoredPreKey key =
        StoredPreKey.newBuilder()
            .setId(id)
            .setPrivateKey(keyPair.privateKey())
            .setGiven(given)
            .build();
    List<StoredPreKey> keys = new ArrayList<>(block(firstOfBlock(id)).getKeysList());
    keys.add(key);
    put(firstOfBlock(id), keys);
    putIndex(index.toBuilder().setNextId(id == LAST_ID ? 1 : id + 1).build());
    return new PreKey(id, keyPair.publicKey());
  }

  private void change(int id, UnaryOperator<StoredPreKey> change) {
    int first = firstOfBlock(id);
    List<StoredPreKey> keys =
        block(first).getKeysList().stream()
            .map(key -> key.getId() == id ? change.apply(key) : key)
            .toList();
    put(first, keys);
  }

  /**
   * The first ids of the blocks that may hold keys. Moves the index past those at the beginning
   * that are used up.
   */
  private List<Integer> blocks() {
    StoredPreKeyIndex index = index();
    int last = firstOfBlock(index.getNextId());
    int first = index.getFirstBlock();
    while (first < last && records.find(name(first)) == null) first += BLOCK;
    if (first != index.getFirstBlock()) putIndex(index.toBuilder().setFirstBlock(first).build());
    List<Integer> blocks = new ArrayList<>();
    for (int block = first; block <= last; block += BLOCK) blocks.add(block);
    return blocks;
  }

  private StoredPreKeyIndex index() {
    byte[] stored = records.find(INDEX);
    if (stored == null) return StoredPreKeyIndex.newBuilder().setNextId(1).setFirstBlock(1).build();
    try {
      return StoredPreKeyIndex.parseFrom(stored);
    } catch (InvalidProtocolBufferException notOurs) {
      throw new IllegalStateException("a record that is not ours", notOurs);
    }
  }

  private void putIndex(StoredPreKeyIndex index) {
    records.put(INDEX, index.toByteArray());
  }

  private StoredPreKeyBlock block(int first) {
    byte[] stored = records.find(name(first));
    if (stored == null) return StoredPreKeyBlock.getDefaultInstance();
    try {
      return StoredPreKeyBlock.parseFrom(stored);
    } catch (InvalidProtocolBufferException notOurs) {
      throw new IllegalStateException("a record that is not ours", notOurs);
    }
  }

  private void put(int first, List<StoredPreKey> keys) {
    if (keys.isEmpty()) {
      records.remove(name(first));
    } else {
      records.put(
          name(first), StoredPreKeyBlock.newBuilder().addAllKeys(keys).build().toByteArray());
    }
  }

  private static String name(int first) {
    return INDEX + "#" + first;
  }

  private static int firstOfBlock(int id) {
    return (id - 1) / BLOCK * BLOCK + 1;
  }
}

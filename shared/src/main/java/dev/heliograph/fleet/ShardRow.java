package dev.heliograph.fleet;

import java.util.Optional;

/**
 * A shard's row.
 *
 * @param epoch the number of its last owner, growing with each; 0 if it never had one
 */
public record ShardRow(int shard, Optional<String> owner, long epoch) {}

package dev.heliograph.instance;

/** What the index of a shard says of an instance: a hint where to look, as an index may lag. */
public record InstanceWish(
    InstanceId id, Desired desired, long wish, long usedWish, InstanceStatus status) {}

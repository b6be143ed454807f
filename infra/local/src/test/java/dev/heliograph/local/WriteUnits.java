package dev.heliograph.local;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Adds up what every DynamoDB client of this JVM writes, as DynamoDB counts it, indexes included.
 * The SDK makes it, as a resource of the tests says.
 */
public final class WriteUnits implements ExecutionInterceptor {
  private static final Map<String, DoubleAdder> BY_TABLE = new ConcurrentHashMap<>();

  /** Called by the SDK. */
  public WriteUnits() {}

  /** What was written so far, table by table. */
  static Map<String, Double> soFar() {
    Map<String, Double> units = new TreeMap<>();
    BY_TABLE.forEach((table, sum) -> units.put(table, sum.sum()));
    return units;
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes call) {
    return switch (context.request()) {
      case PutItemRequest put ->
          put.toBuilder().returnConsumedCapacity(ReturnConsumedCapacity.TOTAL).build();
      case UpdateItemRequest update ->
          update.toBuilder().returnConsumedCapacity(ReturnConsumedCapacity.TOTAL).build();
      case DeleteItemRequest delete ->
          delete.toBuilder().returnConsumedCapacity(ReturnConsumedCapacity.TOTAL).build();
      case TransactWriteItemsRequest transaction ->
          throw new AssertionError("a transaction, which this does not count");
      case BatchWriteItemRequest batch ->
          throw new AssertionError("a batch, which this does not count");
      case SdkRequest other -> other;
    };
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes call) {
    switch (context.response()) {
      case PutItemResponse put -> count(put.consumedCapacity());
      case UpdateItemResponse update -> count(update.consumedCapacity());
      case DeleteItemResponse delete -> count(delete.consumedCapacity());
      default -> {}
    }
  }

  private static void count(ConsumedCapacity consumed) {
    BY_TABLE
        .computeIfAbsent(consumed.tableName(), absent -> new DoubleAdder())
        .add(consumed.capacityUnits());
  }
}

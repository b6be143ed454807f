package dev.heliograph.crash;

import java.util.concurrent.Callable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** DynamoDB as somebody meets it who dies after one of the writes. */
record MortalDynamoDb(DynamoDbClient to, Life life) implements DynamoDbClient {
  private <T> T written(Callable<T> write) {
    try {
      return life.step(write);
    } catch (RuntimeException refused) {
      throw refused;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return written(() -> to.putItem(request));
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return written(() -> to.updateItem(request));
  }

  @Override
  public DeleteItemResponse deleteItem(DeleteItemRequest request) {
    return written(() -> to.deleteItem(request));
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    life.check();
    return to.getItem(request);
  }

  @Override
  public QueryResponse query(QueryRequest request) {
    life.check();
    return to.query(request);
  }

  @Override
  public String serviceName() {
    return to.serviceName();
  }

  @Override
  public void close() {}
}

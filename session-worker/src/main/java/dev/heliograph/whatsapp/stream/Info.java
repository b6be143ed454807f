package dev.heliograph.whatsapp.stream;

import dev.heliograph.whatsapp.Node;
import java.util.Optional;

/** What the server tells in an {@code ib}. */
public sealed interface Info {
  /** So many stanzas were kept for us and come now. */
  record OfflinePreview(long count) implements Info {}

  /** All that was kept for us has been sent. */
  record OfflineDone(long count) implements Info {}

  /** Nothing that we need to know. */
  record Other() implements Info {}

  static Optional<Info> find(Node node) {
    return node.is("ib") ? Optional.of(parse(node)) : Optional.empty();
  }

  /** Asks for so many of the stanzas that were kept for us. */
  static Node offlineBatch(int count) {
    return Node.of("ib").with(Node.of("offline_batch").with("count", count));
  }

  private static Info parse(Node node) {
    Optional<Node> preview = node.child("offline_preview");
    if (preview.isPresent()) return new OfflinePreview(count(preview.get()));
    return node.child("offline")
        .<Info>map(done -> new OfflineDone(count(done)))
        .orElse(new Other());
  }

  private static long count(Node node) {
    return node.number("count").orElse(0L);
  }
}

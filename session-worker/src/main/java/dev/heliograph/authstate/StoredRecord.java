package dev.heliograph.authstate;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * A record as it lies in the table.
 *
 * @param seq the entry that it stands for
 * @param sealed null for the tombstone of a removed one
 */
public record StoredRecord(long seq, @Nullable SdkBytes sealed) {}

/** DynamoDB and SQS in this JVM. */
@NullMarked
package dev.heliograph.local.aws;

import org.jspecify.annotations.NullMarked;

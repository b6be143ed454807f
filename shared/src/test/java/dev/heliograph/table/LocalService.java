package dev.heliograph.table;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Open for a test class where it is registered as a static field, for a test where it is an
 * instance field.
 */
abstract class LocalService
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private boolean perClass;
  private boolean isOpen;

  abstract void open();

  abstract void close();

  @Override
  public final void beforeAll(ExtensionContext context) {
    perClass = true;
    begin();
  }

  @Override
  public final void beforeEach(ExtensionContext context) {
    if (!perClass) begin();
  }

  @Override
  public final void afterEach(ExtensionContext context) {
    if (!perClass) end();
  }

  @Override
  public final void afterAll(ExtensionContext context) {
    end();
  }

  private void begin() {
    open();
    isOpen = true;
  }

  /** JUnit asks for it also where nothing was opened, as where a test is skipped for want of it. */
  private void end() {
    if (isOpen) close();
    isOpen = false;
  }
}

import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lays out every Java source below the given folder as google-java-format does ({@code fix}), or
 * names those that are not ({@code check}, exit code 1).
 *
 * <p>The formatter parses with the javac it runs on, so it needs the JDK of the code and not
 * Maven's: the build starts this file on the toolchain's. No Maven plugin does that.
 */
final class Format {
  private static final Set<String> GENERATED = Set.of("target", "node_modules");

  private final List<String> sources = new ArrayList<>();

  void main(String[] args) throws Exception {
    String mode = args[0];
    find(Path.of(args[1]));
    String[] options =
        switch (mode) {
          case "check" -> new String[] {"--dry-run", "--set-exit-if-changed"};
          case "fix" -> new String[] {"--replace"};
          default -> throw new IllegalArgumentException("mode is check or fix, not " + mode);
        };
    int exitCode = format(options);
    if (exitCode != 0 && mode.equals("check")) {
      System.err.println("These sources are not formatted. To format them: mvn -q -N -Pformat");
    }
    System.exit(exitCode);
  }

  private int format(String[] options) throws Exception {
    String[] arguments = Stream.concat(Stream.of(options), sources.stream()).toArray(String[]::new);
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    return new Main(out, err, InputStream.nullInputStream()).format(arguments);
  }

  private void find(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean skipped =
                !folder.equals(root) && (name.startsWith(".") || GENERATED.contains(name));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) sources.add(file.toString());
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package io.orchestrator.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A mistake that somebody could make in one production class. The class is compiled with it, beside the others as they are,
 * and {@link RandomLife} is lived with the result.
 *
 * @param name what the mistake is
 * @param file the class, below {@code io/orchestrator} in the sources
 * @param right the text that is there, exactly once
 * @param wrong what it is replaced by
 */
record PlantedBug(String name, String file, String right, String wrong) {
    private static final Path SOURCES = Path.of("src/main/java/io/orchestrator");
    private static final String ROOT = "io.orchestrator.";

    /** Lives the seeds one after the other; what the first violation said, and its seed, or empty if none was seen. */
    Optional<String> findWithin(int seeds, int wishes) throws Exception {
        ClassLoader planted = new Planted(compiled(), PlantedBug.class.getClassLoader());
        var live = planted.loadClass(RandomLife.class.getName()).getDeclaredMethod("live", long.class, int.class);
        live.setAccessible(true);
        for (long seed = 1; seed <= seeds; seed++) {
            try {
                live.invoke(null, seed, wishes);
            } catch (InvocationTargetException found) {
                return Optional.of(told(found.getCause() == null ? found : found.getCause()));
            }
        }
        return Optional.empty();
    }

    private static String told(Throwable violation) {
        Throwable root = violation;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return violation.getMessage() + ": " + root;
    }

    private Map<String, byte[]> compiled() throws IOException {
        Path path = SOURCES.resolve(file);
        String source = Files.readString(path);
        int at = source.indexOf(right);
        if (at < 0 || source.indexOf(right, at + 1) >= 0) {
            throw new AssertionError("bug '" + name + "' has no place: " + file + " must hold exactly once: " + right);
        }
        String planted = source.replace(right, wrong);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Output output = new Output(files)) {
            boolean done = compiler.getTask(
                            errors,
                            output,
                            null,
                            List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path")),
                            null,
                            List.of(new Text(path.toUri(), planted)))
                    .call();
            if (!done) {
                throw new AssertionError("bug '" + name + "' does not compile: " + errors);
            }
            return output.classes();
        }
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(URI uri, String text) {
            super(uri, Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes in memory. */
    private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        Output(JavaFileManager files) {
            super(files);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(className, bytes);
                    return bytes;
                }
            };
        }
    }

    /** Loads the library and its tests anew, with the planted classes among them. */
    private static final class Planted extends ClassLoader {
        private final Map<String, byte[]> planted;

        Planted(Map<String, byte[]> planted, ClassLoader parent) {
            super(parent);
            this.planted = planted;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(ROOT)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = planted.get(name);
            if (bytes == null) {
                try (InputStream original = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (original == null) {
                        throw new ClassNotFoundException(name);
                    }
                    bytes = original.readAllBytes();
                } catch (IOException unreadable) {
                    throw new ClassNotFoundException(name, unreadable);
                }
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}

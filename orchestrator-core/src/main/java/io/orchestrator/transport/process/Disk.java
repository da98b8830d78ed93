package io.orchestrator.transport.process;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The few file operations that all of this is made of. What is written is for the current user only. */
final class Disk {
    private static final int DELETE_ATTEMPTS = 20;

    private Disk() {}

    static void makeDirectories(Path directory) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException failure) {
            throw failed("making of '" + directory + "'", failure);
        }
    }

    /** Writes a whole file at once: a reader sees the old one, the new one, or none. */
    static void write(Path file, String text) throws IOException {
        // temporary files are made for the current user only
        Path temporary = Files.createTempFile(file.getParent(), ".new", "");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The text of a file; empty if there is none. */
    static Optional<String> read(Path file, int maxBytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IOException("'" + file + "' is longer than " + maxBytes + " bytes");
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** What a directory holds, by name; nothing if there is no such directory. */
    static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException missing) {
            return List.of();
        } catch (IOException failure) {
            throw failed("listing of '" + directory + "'", failure);
        }
        found.sort(null);
        return found;
    }

    /** Deletes a directory with all it holds, following no link; nothing to delete is not an error. */
    static void deleteTree(Path root) {
        for (int attempt = 1; Files.exists(root, LinkOption.NOFOLLOW_LINKS); attempt++) {
            try {
                Files.walkFileTree(root, new Deleter());
            } catch (NoSuchFileException | DirectoryNotEmptyException raced) {
                // somebody else deletes too, or the last process has just written once more
                if (attempt == DELETE_ATTEMPTS) {
                    throw failed("deleting of '" + root + "'", raced);
                }
            } catch (IOException failure) {
                throw failed("deleting of '" + root + "'", failure);
            }
        }
    }

    static OrchestratorException failed(String what, IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
        return new OrchestratorException(
                full ? ErrorCode.NO_SPACE : ErrorCode.ENGINE_ERROR, what + " failed: " + reason, failure);
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}

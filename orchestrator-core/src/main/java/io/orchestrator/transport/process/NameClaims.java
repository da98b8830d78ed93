package io.orchestrator.transport.process;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Names, each held by one container at most, across all processes that use the directory.
 *
 * <p>A name is held while the directory of that name is not empty; the one file in it is called like the holder. Renaming a
 * filled directory over it succeeds only while it is missing or empty, which makes claiming atomic; deleting the holder's
 * file releases it and can never hit a later holder.
 */
final class NameClaims {
    private final Path names;

    NameClaims(Path names) {
        this.names = names;
    }

    /** Takes the name; false if another holds it. */
    boolean claim(String name, String holder) throws IOException {
        Disk.makeDirectories(names);
        Path prepared = names.resolve(".new-" + holder);
        Disk.makeDirectories(prepared);
        try {
            Files.createFile(prepared.resolve(holder));
            Files.move(prepared, names.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException refused) {
            Disk.deleteTree(prepared);
            if (holder(name).isPresent()) {
                return false;
            }
            throw refused;
        }
    }

    Optional<String> holder(String name) {
        List<Path> held = Disk.entries(names.resolve(name));
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(held.get(0).getFileName().toString());
    }

    boolean holds(String name, String holder) {
        return Files.exists(names.resolve(name).resolve(holder));
    }

    /** Releases every name that the holder has, without asking what it wrote down: that may be damaged. */
    void release(String holder) throws IOException {
        for (Path place : Disk.entries(names)) {
            if (Files.deleteIfExists(place.resolve(holder))) {
                deleteIfFree(place);
            }
        }
    }

    private static void deleteIfFree(Path place) throws IOException {
        try {
            Files.deleteIfExists(place);
        } catch (DirectoryNotEmptyException takenAgain) {
            return;
        }
    }
}

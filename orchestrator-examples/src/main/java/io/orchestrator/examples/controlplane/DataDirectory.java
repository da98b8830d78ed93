package io.orchestrator.examples.controlplane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** Where the server keeps its files, for its own user's eyes only. */
record DataDirectory(Path root) {
    /** Creates what is missing and closes the directory to others. */
    static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            DataDirectory data = new DataDirectory(root.toRealPath());
            Files.createDirectories(data.uploads());
            return data;
        } catch (IOException | UnsupportedOperationException failure) {
            throw new SetupException("the data directory '" + root + "' cannot be used: " + failure, failure);
        }
    }

    /** The embedded store's file. */
    Path store() {
        return root.resolve("store.db");
    }

    /** Where uploads wait until they are passed on. */
    Path uploads() {
        return root.resolve("uploads");
    }

    /** The file with the administrator's token that the server makes for itself; made now if it is missing. */
    Path ownTokens() {
        Path file = root.resolve("api-tokens");
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            String line = "admin admin " + HexFormat.of().formatHex(random) + "\n";
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
        } catch (FileAlreadyExistsException madeEarlier) {
            return file;
        } catch (IOException failure) {
            throw new SetupException("the token file '" + file + "' cannot be made: " + failure, failure);
        }
        return file;
    }
}

package io.orchestrator.transport.process;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Set;

/** Who we are, as told by the owner of a file that we made. */
final class CurrentUser {
    private CurrentUser() {}

    /** Refuses a {@code user} or {@code user:group}, by name or number, that is not the current one. */
    static void require(String asked, Path ourFile) {
        try {
            PosixFileAttributes owner = Files.readAttributes(ourFile, PosixFileAttributes.class);
            String[] parts = asked.split(":", 2);
            Set<String> users =
                    Set.of(owner.owner().getName(), String.valueOf(Files.getAttribute(ourFile, "unix:uid")), "");
            boolean same = users.contains(parts[0]);
            if (parts.length == 2) {
                String group = String.valueOf(Files.getAttribute(ourFile, "unix:gid"));
                same = same
                        && (parts[1].equals(group)
                                || parts[1].equals(owner.group().getName()));
            }
            if (!same) {
                throw new OrchestratorException(
                        ErrorCode.UNSUPPORTED,
                        "user '" + asked + "' is not the one this process runs as; dev-process cannot change users");
            }
        } catch (IOException failure) {
            throw Disk.failed("reading the current user", failure);
        }
    }
}

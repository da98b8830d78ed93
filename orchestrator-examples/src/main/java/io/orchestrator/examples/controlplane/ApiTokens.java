package io.orchestrator.examples.controlplane;

import io.orchestrator.security.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may call. Read once from a file with one {@code name role token} per line, role {@code admin} or {@code user}; a lone
 * token is an administrator's; empty lines and those that begin with {@code #} are skipped.
 */
final class ApiTokens {
    static final int MIN_LENGTH = 32;

    private static final Logger LOG = LoggerFactory.getLogger(ApiTokens.class);
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_TOKENS = 1_000;
    private static final int MIN_DISTINCT = 8;
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
    private static final Pattern TOKEN = Pattern.compile("[!-~]{" + MIN_LENGTH + ",512}");

    private final List<Entry> entries;

    private record Entry(Principal principal, Secret token) {}

    private ApiTokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    static ApiTokens read(Path file) {
        List<String> lines;
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new SetupException("the token file '" + file + "' is larger than " + MAX_FILE_BYTES + " bytes");
            }
            lines = Files.readAllLines(file);
            warnIfOpen(file);
        } catch (IOException | UnsupportedOperationException failure) {
            throw new SetupException("the token file '" + file + "' cannot be read: " + failure, failure);
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line, "line " + (i + 1) + " of the token file '" + file + "'", entries));
            }
        }
        if (entries.isEmpty() || entries.size() > MAX_TOKENS) {
            throw new SetupException(
                    "the token file '" + file + "' holds " + entries.size() + " tokens, not 1 to " + MAX_TOKENS);
        }
        return new ApiTokens(entries);
    }

    /** Whom the token stands for. Every entry is compared, so that the time tells nothing of which one it was. */
    Optional<Principal> find(Secret presented) {
        @Nullable Principal found = null;
        for (Entry entry : entries) {
            if (entry.token().matches(presented)) {
                found = entry.principal();
            }
        }
        return Optional.ofNullable(found);
    }

    private static Entry entry(String line, String where, List<Entry> before) {
        List<String> words = SPACE.splitAsStream(line).toList();
        if (words.size() != 1 && words.size() != 3) {
            throw new SetupException(where + " is not of the form 'name role token' or a lone token");
        }
        boolean lone = words.size() == 1;
        Principal principal = lone ? new Principal("admin", Role.ADMIN) : principal(words.get(0), words.get(1), where);
        String token = words.get(words.size() - 1);
        if (!TOKEN.matcher(token).matches() || token.chars().distinct().count() < MIN_DISTINCT) {
            throw new SetupException(where + " holds a token that is easily guessed; use at least " + MIN_LENGTH
                    + " random characters, such as the output of 'openssl rand -hex 32'");
        }
        Entry entry = new Entry(principal, Secret.of(token));
        for (Entry earlier : before) {
            if (earlier.token().matches(entry.token())) {
                throw new SetupException(where + " holds the same token as an earlier line");
            }
            if (earlier.principal().name().equals(principal.name())
                    && earlier.principal().role() != principal.role()) {
                throw new SetupException(where + " gives '" + principal.name() + "' a second role");
            }
        }
        return entry;
    }

    private static Principal principal(String name, String role, String where) {
        if (!NAME.matcher(name).matches()) {
            throw new SetupException(where + " has a name that is not of the form " + NAME);
        }
        return switch (role) {
            case "admin" -> new Principal(name, Role.ADMIN);
            case "user" -> new Principal(name, Role.USER);
            default -> throw new SetupException(where + " has a role that is neither 'admin' nor 'user'");
        };
    }

    private static void warnIfOpen(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.GROUP_READ)) {
            LOG.warn("the token file '{}' can be read by other users; 'chmod 600' it", file);
        }
    }
}

package io.orchestrator.testing;

import java.util.Optional;

/** What a redirection of a fake shell leads to. */
final class FileStreams {
    private FileStreams() {}

    static FakePath find(FakeProcess process, String path) {
        String directory = process.setup().directory();
        return process.container()
                .path(
                        path.startsWith("/")
                                ? path
                                : directory.endsWith("/") ? directory + path : directory + "/" + path);
    }

    /** Empty if there is no such file. */
    static Optional<Source> reader(FakeProcess process, String path) {
        if (path.equals("/dev/null")) {
            return Optional.of(Source.NOTHING);
        }
        FakePath file = find(process, path);
        return file.files().read(file.path()).map(FileStreams::bytes);
    }

    /** Empty if the file may only be read. */
    static Optional<Sink> writer(FakeProcess process, String path, boolean append) {
        if (path.equals("/dev/null")) {
            return Optional.of(Sink.NOWHERE);
        }
        FakePath file = find(process, path);
        if (file.readOnly()) {
            return Optional.empty();
        }
        if (!append) {
            file.files().truncate(file.path());
        }
        return Optional.of((writer, bytes, offset, length) -> {
            writer.check();
            file.files().append(file.path(), bytes, offset, length);
        });
    }

    private static Source bytes(byte[] content) {
        int[] position = {0};
        return (reader, target, offset, length) -> {
            reader.check();
            int taken = Math.min(length, content.length - position[0]);
            System.arraycopy(content, position[0], target, offset, taken);
            position[0] += taken;
            return taken == 0 ? -1 : taken;
        };
    }
}

package io.orchestrator.transport.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The output files of a container: {@code stdout.000000001} and so on, one after the other. */
final class Segments {
    static final String STDOUT = "stdout";
    static final String STDERR = "stderr";

    private Segments() {}

    static Path file(Path directory, String stream, int number) {
        return directory.resolve(stream + "." + String.format("%0" + Wrapper.SEGMENT_DIGITS + "d", number));
    }

    /** The numbers of the files that are there, growing. */
    static List<Integer> numbers(Path directory, String stream) {
        List<Integer> numbers = new ArrayList<>();
        for (Path entry : Disk.entries(directory)) {
            String name = entry.getFileName().toString();
            if (name.matches(stream + "\\.[0-9]{" + Wrapper.SEGMENT_DIGITS + "}")) {
                numbers.add(Integer.parseInt(name.substring(stream.length() + 1)));
            }
        }
        return numbers;
    }

    /** The number of the last file; 0 if there is none. */
    static int last(Path directory, String stream) {
        List<Integer> numbers = numbers(directory, stream);
        return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    }
}

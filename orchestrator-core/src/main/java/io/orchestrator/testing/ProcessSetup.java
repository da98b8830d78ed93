package io.orchestrator.testing;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What a process is begun with. */
record ProcessSetup(
        List<String> arguments,
        SortedMap<String, String> environment,
        String user,
        String directory,
        Source stdin,
        Sink stdout,
        Sink stderr,
        Optional<FakeTerminal> terminal) {
    ProcessSetup withArguments(List<String> other) {
        return new ProcessSetup(other, environment, user, directory, stdin, stdout, stderr, terminal);
    }

    ProcessSetup withStreams(Source in, Sink out, Sink err) {
        return new ProcessSetup(arguments, environment, user, directory, in, out, err, terminal);
    }
}

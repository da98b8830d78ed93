package io.orchestrator.transport.process;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import com.pty4j.unix.UnixPtyProcess;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/** Starts processes on a terminal. With {@link PtyMaster} all that needs pty4j: neither can be loaded without it. */
final class PtyChild {
    private PtyChild() {}

    static boolean isLoaded() {
        return !PtyProcess.class.getName().isEmpty();
    }

    static Child start(
            Path script, Path directory, SortedMap<String, String> environment, TerminalSize size, Waiter waiter)
            throws IOException {
        PtyProcess process = new PtyProcessBuilder(new String[] {
                    "/bin/sh",
                    "-c",
                    CommandScript.DEFAULT_SIGNALS + "exec $reset /bin/sh \"$1\"",
                    "session",
                    script.toString()
                })
                .setDirectory(directory.toString())
                .setEnvironment(environment)
                .setRedirectErrorStream(true)
                .setInitialColumns(size.columns())
                .setInitialRows(size.rows())
                .start();
        // pty4j closes what nobody asked for
        AutoCloseable streams = process.getInputStream();
        PtyMaster master = new PtyMaster(((UnixPtyProcess) process).getPty().getMasterFD(), streams, waiter);
        return new Child(
                process,
                master.output(),
                Optional.empty(),
                master.input(),
                next -> process.setWinSize(new WinSize(next.columns(), next.rows())),
                master::close);
    }
}

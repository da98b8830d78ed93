package io.orchestrator.transport.process;

import io.orchestrator.container.LogQuery;
import io.orchestrator.container.StreamKind;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ObservedContainer.Phase;
import io.orchestrator.transport.process.ContainerHome.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/** Reads the output files of one container for one subscriber. */
final class LogPump {
    private static final Duration PERIOD = Duration.ofMillis(50);
    // how long the last output may take from the pipes to the files
    private static final Duration DRAIN = Duration.ofSeconds(1);
    private static final int TURN = 16;

    private final ContainerHome home;
    private final LogQuery query;
    private final Delivery delivery;
    private final ProcessTable processes;
    private final HostRuntime runtime;
    private long endSeen;
    private boolean ended;

    LogPump(ContainerHome home, LogQuery query, Delivery delivery, ProcessTable processes, HostRuntime runtime) {
        this.home = home;
        this.query = query;
        this.delivery = delivery;
        this.processes = processes;
        this.runtime = runtime;
    }

    /** Returns once everything asked for was delivered, or nothing more may be. */
    void run() {
        try (SegmentReader out = new SegmentReader(home.path(), Segments.STDOUT);
                SegmentReader err = new SegmentReader(home.path(), Segments.STDERR)) {
            if (!query.follow()) {
                awaitDrained();
                out.stopAtPresentEnd();
                err.stopAtPresentEnd();
            }
            boolean errIsNewer = lastWrite(Segments.STDERR).compareTo(lastWrite(Segments.STDOUT)) > 0;
            if (query.tail() >= 0) {
                int newer = (errIsNewer ? err : out).seekLastLines(query.tail());
                (errIsNewer ? out : err).seekLastLines(query.tail() - newer);
            }
            // the stream that was written last comes last; from then on both in turn
            copy(errIsNewer ? out : err, errIsNewer ? StreamKind.STDOUT : StreamKind.STDERR, Integer.MAX_VALUE);
            while (!delivery.over()) {
                boolean last = !query.follow() || isOver();
                boolean any = copy(out, StreamKind.STDOUT, TURN);
                any |= copy(err, StreamKind.STDERR, TURN);
                if (!any && last) {
                    return;
                }
                if (!any) {
                    delivery.await(delivery::over, PERIOD);
                }
            }
        } catch (IOException failure) {
            throw Disk.failed("reading the output of '" + home.engineId() + "'", failure);
        }
    }

    /** Delivers that many chunks at most; false if there was none. */
    private boolean copy(SegmentReader reader, StreamKind kind, int most) throws IOException {
        for (int chunks = 0; chunks < most; chunks++) {
            while (!delivery.wanted() && !delivery.over()) {
                delivery.await(() -> delivery.wanted() || delivery.over(), Duration.ofHours(1));
            }
            ByteBuffer bytes = delivery.over() ? null : reader.read();
            if (bytes == null) {
                return chunks > 0;
            }
            delivery.deliver(kind, bytes);
        }
        return true;
    }

    private void awaitDrained() {
        while (home.observe(processes).phase() == Phase.EXITED && !isOver() && !delivery.over()) {
            delivery.await(delivery::over, Duration.ofMillis(5));
        }
    }

    /** Whether the container does not run and its last output had the time to arrive. */
    private boolean isOver() {
        Run run = home.observe(processes);
        if (run.running()) {
            ended = false;
            return false;
        }
        if (!ended) {
            ended = true;
            endSeen = runtime.nanoTime();
        }
        return run.number() == 0 || home.drained(run.number()) || runtime.nanoTime() - endSeen > DRAIN.toNanos();
    }

    private FileTime lastWrite(String stream) throws IOException {
        Path file = Segments.file(home.path(), stream, Segments.last(home.path(), stream));
        return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
    }
}

package io.orchestrator.examples.controlplane;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** Everything that is logged while it is open, with the ids and the thread of each line. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final List<ILoggingEvent> lines = new ArrayList<>();

    static CapturedLog open() {
        CapturedLog log = new CapturedLog();
        log.start();
        log.root.addAppender(log);
        return log;
    }

    @Override
    protected synchronized void append(ILoggingEvent line) {
        // the ids are read on first use, which would be on another thread
        line.prepareForDeferredProcessing();
        lines.add(line);
        notifyAll();
    }

    /** Waits for a line with that request's id. */
    ILoggingEvent await(String request, Predicate<ILoggingEvent> expected)
            throws InterruptedException, TimeoutException {
        return await(line -> request.equals(line.getMDCPropertyMap().get("request")) && expected.test(line));
    }

    /** Waits for a line. */
    synchronized ILoggingEvent await(Predicate<ILoggingEvent> expected) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            for (ILoggingEvent line : lines) {
                if (expected.test(line)) {
                    return line;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("logged was: "
                        + lines.stream()
                                .map(line -> line.getFormattedMessage() + " " + line.getMDCPropertyMap())
                                .toList());
            }
            wait(left);
        }
    }

    synchronized List<ILoggingEvent> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        root.detachAppender(this);
    }
}

package io.orchestrator.spi;

import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.CallContext;
import java.util.concurrent.Flow;

/** The ability of a node to read a container's output. */
public interface LogSource {
    /**
     * Begins to deliver output and returns. Never holds more than 256 KiB that was not requested; ends with
     * {@code onComplete} after the last byte, or with {@code onError} (a missing container included).
     *
     * @param call bounds the time until the first byte may be delivered; cancelling it ends the stream
     */
    void logs(CallContext call, String engineId, LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber);
}

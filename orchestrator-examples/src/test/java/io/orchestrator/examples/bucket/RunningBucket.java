package io.orchestrator.examples.bucket;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests share that need nothing but a service with the standard settings. */
abstract class RunningBucket {
    @TempDir
    Path data;

    TestBucket bucket;

    @BeforeEach
    final void start() {
        bucket = TestBucket.start(data);
    }

    @AfterEach
    final void stop() {
        bucket.close();
    }
}

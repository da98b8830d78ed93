package io.orchestrator.testing;

/** Where a path in a container leads. */
record FakePath(FakeFiles files, String path, boolean readOnly) {}

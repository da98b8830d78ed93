package io.orchestrator.testing;

import java.util.List;

/** Which program a container begins with, and its arguments. */
record Launch(FakeProgram program, List<String> arguments) {}

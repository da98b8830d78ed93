package io.orchestrator.testing;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A process in a fake container, as its {@link FakeProgram} sees it. For the program's own thread, but for handlers. */
public final class FakeProcess {
    private final FakeContainer container;
    private final ProcessGroup group;
    private final Life life;
    private final ProcessSetup setup;

    FakeProcess(FakeContainer container, ProcessGroup group, Life life, ProcessSetup setup) {
        this.container = container;
        this.group = group;
        this.life = life;
        this.setup = setup;
    }

    /** The command and its arguments. */
    public List<String> arguments() {
        return setup.arguments();
    }

    public SortedMap<String, String> environment() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(setup.environment()));
    }

    /** Standard input; reading blocks. */
    public InputStream input() {
        return new ProcessInput(life, setup.stdin());
    }

    /** Standard output, unbuffered; writing blocks while nobody takes it. */
    public OutputStream output() {
        return new ProcessOutput(life, setup.stdout());
    }

    /** Standard error, unbuffered. */
    public OutputStream error() {
        return new ProcessOutput(life, setup.stderr());
    }

    /** Waits on the cluster's clock. */
    public void sleep(Duration duration) {
        life.await(() -> false, duration);
    }

    /** Calls the handler, which must not block, on another thread for that signal, such as {@code TERM}, instead of ending. */
    public void onSignal(String signal, Runnable handler) {
        life.handle(Signals.number(signal), handler);
    }

    FakeContainer container() {
        return container;
    }

    ProcessGroup group() {
        return group;
    }

    Life life() {
        return life;
    }

    ProcessSetup setup() {
        return setup;
    }

    Sink stderr() {
        return setup.stderr();
    }

    /** The same process with another setup, as a shell runs one command after the other. */
    FakeProcess with(ProcessSetup other) {
        return new FakeProcess(container, group, life, other);
    }

    /** A new process of the same group. */
    FakeProcess fork(ProcessSetup other) {
        return new FakeProcess(container, group, life.child(), other);
    }

    void retainOutputs() {
        setup.stdout().retain();
        setup.stderr().retain();
    }

    void releaseOutputs() {
        setup.stdout().release();
        setup.stderr().release();
    }
}

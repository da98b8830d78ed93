package io.orchestrator.operation;

/** What a running step sees. Used by the one thread that runs the step. */
public interface StepContext {
    /** The record as last committed; its pending operation names this step. */
    ResourceRecord record();

    /** The deadline of this one step. */
    CallContext call();

    /** Reports finer progress, such as how much of an image arrived. */
    void progress(String detail);
}

package io.orchestrator.kit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs a contract's subclass inside a test, to prove that the contract fails for an implementation with a planted bug.
 *
 * <p>Blocks until every case ended; a case that takes longer than ten seconds has failed.
 */
public final class KitRunner {
    private KitRunner() {}

    /**
     * Runs every case of the class that its declarations do not rule out.
     *
     * @return the names of the methods that failed
     * @throws IllegalStateException if the class has no case, or failed outside of one, since that proves nothing
     */
    public static SortedSet<String> failedCases(Class<?> kit) {
        LauncherDiscoveryRequest request = request()
                .selectors(selectClass(kit))
                .configurationParameter("junit.jupiter.execution.timeout.testable.method.default", "10 s")
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
        Recorder recorder = new Recorder();
        LauncherFactory.create().execute(request, recorder);
        if (recorder.cases == 0 || recorder.failedOutside != null) {
            throw new IllegalStateException(
                    "'" + kit.getName() + "' ran " + recorder.cases + " cases", recorder.failedOutside);
        }
        return recorder.failed;
    }

    private static final class Recorder implements TestExecutionListener {
        private final SortedSet<String> failed = new TreeSet<>();
        private int cases;
        private @Nullable Throwable failedOutside;

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                // a group of cases whose ability the implementation does not declare
                return;
            }
            boolean successful = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (identifier.isTest()) {
                cases++;
                if (!successful) {
                    failed.add(nameOf(identifier));
                }
            } else if (!successful) {
                failedOutside = result.getThrowable().orElseThrow();
            }
        }

        private static String nameOf(TestIdentifier identifier) {
            return identifier
                    .getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(source -> ((MethodSource) source).getMethodName())
                    .orElse(identifier.getDisplayName());
        }
    }
}

package io.orchestrator.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.function.Predicate;

/** What library code must not call, or refer to as a method reference, because it cannot be injected. */
final class ForbiddenAccess {
    static final DescribedPredicate<JavaAccess<?>> TIME = access(
            "the system clock",
            target -> is(target, "java.lang.System", "nanoTime", "currentTimeMillis")
                    || is(target, "java.time.Clock", "system", "systemUTC", "systemDefaultZone")
                    || is(target, "java.time.Clock", "tickMillis", "tickSeconds", "tickMinutes")
                    || is(target, "java.time.InstantSource", "system")
                    || readsTheDefaultClock(target)
                    || (constructs(target, "java.util.Date")
                            && parameters(target).isEmpty()));

    static final DescribedPredicate<JavaAccess<?>> RANDOMNESS = access(
            "a source of randomness",
            target -> constructs(target, "java.util.Random", "java.util.SplittableRandom", "java.security.SecureRandom")
                    || is(target, "java.security.SecureRandom", "getInstance", "getInstanceStrong")
                    || is(target, "java.util.concurrent.ThreadLocalRandom", "current")
                    || is(target, "java.util.random.RandomGenerator", "of", "getDefault")
                    || is(target, "java.util.random.RandomGeneratorFactory", "of", "getDefault")
                    || is(target, "java.lang.Math", "random")
                    || is(target, "java.util.UUID", "randomUUID")
                    || (is(target, "java.util.Collections", "shuffle")
                            && parameters(target).size() == 1));

    static final DescribedPredicate<JavaAccess<?>> THREADS = access(
            "threads or waits of its own",
            target -> constructs(target, "java.lang.Thread", "java.util.Timer", "java.util.concurrent.ForkJoinPool")
                    || constructs(target, "java.util.concurrent.ThreadPoolExecutor")
                    || constructs(target, "java.util.concurrent.ScheduledThreadPoolExecutor")
                    || is(target, "java.lang.Thread", "start", "sleep")
                    || is(target, "java.util.concurrent.TimeUnit", "sleep")
                    || owner(target).equals("java.util.concurrent.Executors")
                    || is(target, "java.util.concurrent.ForkJoinPool", "commonPool")
                    || usesAThreadOfCompletableFuture(target));

    static final DescribedPredicate<JavaAccess<?>> ENVIRONMENT = access(
            "the environment or system properties",
            target -> is(target, "java.lang.System", "getenv", "getProperty", "getProperties")
                    || is(target, "java.lang.System", "setProperty", "setProperties", "clearProperty")
                    || is(target, "java.lang.Boolean", "getBoolean")
                    || is(target, "java.lang.Integer", "getInteger")
                    || is(target, "java.lang.Long", "getLong"));

    static final DescribedPredicate<JavaAccess<?>> SERVICE_LOADER =
            access("ServiceLoader", target -> owner(target).equals("java.util.ServiceLoader"));

    static final DescribedPredicate<JavaAccess<?>> PROCESSES = access(
            "what starts a process",
            target -> owner(target).equals("java.lang.ProcessBuilder")
                    || is(target, "java.lang.Runtime", "exec")
                    || owner(target).startsWith("com.pty4j."));

    private ForbiddenAccess() {}

    private static DescribedPredicate<JavaAccess<?>> access(String description, Predicate<AccessTarget> forbidden) {
        return describe("the target is " + description, access -> forbidden.test(access.getTarget()));
    }

    /** Every {@code now()} of java.time, with or without a zone; one that takes a clock is fine. */
    private static boolean readsTheDefaultClock(AccessTarget target) {
        return target.getOwner().getPackageName().startsWith("java.time")
                && target.getName().equals("now")
                && !parameters(target).contains("java.time.Clock");
    }

    /** {@code supplyAsync(task)} runs on the common pool; {@code supplyAsync(task, executor)} where it is told to. */
    private static boolean usesAThreadOfCompletableFuture(AccessTarget target) {
        Set<String> owners = Set.of("java.util.concurrent.CompletableFuture", "java.util.concurrent.CompletionStage");
        Set<String> timed = Set.of("orTimeout", "completeOnTimeout", "delayedExecutor");
        return owners.contains(owner(target))
                && (timed.contains(target.getName())
                        || (target.getName().endsWith("Async")
                                && !parameters(target).contains("java.util.concurrent.Executor")));
    }

    private static boolean is(AccessTarget target, String owner, String... names) {
        return owner(target).equals(owner) && Set.of(names).contains(target.getName());
    }

    /** A superclass counts: the constructor of a subclass calls its own. */
    private static boolean constructs(AccessTarget target, String... types) {
        return target.getName().equals("<init>") && Set.of(types).contains(owner(target));
    }

    private static String owner(AccessTarget target) {
        return target.getOwner().getName();
    }

    private static Set<String> parameters(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget codeUnit
                ? Set.copyOf(codeUnit.getRawParameterTypes().stream()
                        .map(JavaClass::getName)
                        .toList())
                : Set.of();
    }
}

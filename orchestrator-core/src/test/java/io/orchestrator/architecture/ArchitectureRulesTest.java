package io.orchestrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each rule reports exactly the fixtures that break it: it bites, and it spares what is allowed. */
class ArchitectureRulesTest {
    private static final String ROOT = "io.orchestrator.architecture.fixture";
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(ROOT);

    @Test
    void internalsAreReachedThroughEntryPoints_apiPackageReaches_isReported() {
        assertThat(offenders(ArchitectureRules.internalsAreReachedThroughEntryPoints(ROOT)))
                .containsExactlyInAnyOrder("node.PeeksInside.peek()", "node.NamesForeignTypes.leakedInternal()");
    }

    @Test
    void otherModulesUseOnlyTheApiOfCore_serviceReachesIn_isReported() {
        assertThat(offenders(ArchitectureRules.otherModulesUseOnlyTheApiOfCore(ROOT)))
                .containsExactly("service.ReachesIntoCore.reach()");
    }

    @Test
    void apiNamesNoForeignType_eachPlaceInASignature_isReported() {
        assertThat(offenders(ArchitectureRules.apiNamesNoForeignType(ROOT)))
                .containsExactlyInAnyOrder(
                        "node.NamesForeignTypes",
                        "node.NamesForeignTypes.<init>()",
                        "node.NamesForeignTypes.field",
                        "node.NamesForeignTypes.returned()",
                        "node.NamesForeignTypes.parameter(java.util.List)",
                        "node.NamesForeignTypes.annotatedParameter(java.lang.String)",
                        "node.NamesForeignTypes.thrown()",
                        "node.NamesForeignTypes.typeParameter(java.util.List)",
                        "node.NamesForeignTypes.leakedInternal()");
    }

    @Test
    void packagesHaveNoCycles_packageLeansOnTheRoot_isReported() {
        String report = report(ArchitectureRules.packagesHaveNoCycles(ROOT));

        assertThat(report).contains("Cycle detected", ROOT + " ->", ROOT + ".node");
    }

    @Test
    void timeIsInjected_eachWayToReadTheClock_isReported() {
        assertThat(offenders(ArchitectureRules.timeIsInjected(ROOT)))
                .containsExactlyInAnyOrder(
                        "node.ReadsTheClock.nano()",
                        "node.ReadsTheClock.reference()",
                        "node.ReadsTheClock.instant()",
                        "node.ReadsTheClock.zoned()",
                        "node.ReadsTheClock.clock()",
                        "node.ReadsTheClock.ticking()",
                        "node.ReadsTheClock.source()",
                        "node.ReadsTheClock.date()");
    }

    @Test
    void randomnessIsInjected_eachSource_isReported() {
        assertThat(offenders(ArchitectureRules.randomnessIsInjected(ROOT)))
                .containsExactlyInAnyOrder(
                        "node.RollsDice.random()",
                        "node.RollsDice.secure()",
                        "node.RollsDice.local()",
                        "node.RollsDice.splittable()",
                        "node.RollsDice.generator()",
                        "node.RollsDice.math()",
                        "node.RollsDice.uuid()",
                        "node.RollsDice.shuffled(java.util.List)");
    }

    @Test
    void threadsAreInjected_eachWayToStartOrWait_isReported() {
        assertThat(offenders(ArchitectureRules.threadsAreInjected(ROOT)))
                .containsExactlyInAnyOrder(
                        "node.StartsThreads.constructed(java.lang.Runnable)",
                        "node.StartsThreads.started(java.lang.Thread)",
                        "node.StartsThreads.slept()",
                        "node.StartsThreads.sleptInUnits()",
                        "node.StartsThreads.timer()",
                        "node.StartsThreads.pool()",
                        "node.StartsThreads.commonPool()",
                        "node.StartsThreads.async()",
                        "node.StartsThreads.chained(java.util.concurrent.CompletableFuture)",
                        "node.StartsThreads.timed(java.util.concurrent.CompletableFuture)",
                        "node.StartsThreads.delayed(java.util.concurrent.Executor)",
                        "node.StartsThreads$Subclass.<init>()");
    }

    @Test
    void environmentIsNotRead_variablesAndProperties_areReported() {
        assertThat(offenders(ArchitectureRules.environmentIsNotRead(ROOT)))
                .containsExactlyInAnyOrder(
                        "node.ReadsTheSurroundings.environment()",
                        "node.ReadsTheSurroundings.property()",
                        "node.ReadsTheSurroundings.flag()");
    }

    @Test
    void servicesAreNotLoaded_serviceLoader_isReported() {
        assertThat(offenders(ArchitectureRules.servicesAreNotLoaded(ROOT)))
                .containsExactly("node.ReadsTheSurroundings.loaded()");
    }

    @Test
    void processesStartInOnePlace_otherPackages_areReported() {
        assertThat(offenders(ArchitectureRules.processesStartInOnePlace(ROOT)))
                .containsExactlyInAnyOrder(
                        "node.StartsProcesses.built()",
                        "node.StartsProcesses.executed()",
                        "node.StartsProcesses.inTerminal()");
    }

    @Test
    void noStaticFieldCanBeReassigned_nonFinal_isReported() {
        assertThat(offenders(ArchitectureRules.noStaticFieldCanBeReassigned()))
                .containsExactly("node.KeepsStaticState.launches");
    }

    @Test
    void spiInterfacesHaveContracts_noneOrUnrelatedClass_isReported() {
        String report = report(ArchitectureRules.spiInterfacesHaveContracts(ROOT));

        assertThat(report)
                .contains("spi.Store' has no class 'StoreContract'")
                .contains("spi.HostRuntime' has no class 'HostRuntimeContract'")
                .doesNotContain("NodeTransport");
    }

    private static String report(ArchRule rule) {
        return rule.evaluate(FIXTURES).getFailureReport().toString();
    }

    /** The first name in angle brackets of each violation, below the fixtures' root. */
    private static Set<String> offenders(ArchRule rule) {
        Pattern named = Pattern.compile("^[^<]*<" + Pattern.quote(ROOT + ".") + "(.*?)>(?= |$)");
        return rule.evaluate(FIXTURES).getFailureReport().getDetails().stream()
                .flatMap(line -> named.matcher(line).results())
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }
}

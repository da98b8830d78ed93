package io.orchestrator.architecture;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The rules that every library module runs on its own main classes: {@code @ArchTest static final ArchTests rules =
 * ArchTests.in(LibraryRules.class)}.
 */
public final class LibraryRules {
    private static final String ROOT = "io.orchestrator";

    @ArchTest
    static final ArchRule internalsAreReachedThroughEntryPoints =
            ArchitectureRules.internalsAreReachedThroughEntryPoints(ROOT);

    @ArchTest
    static final ArchRule otherModulesUseOnlyTheApiOfCore = ArchitectureRules.otherModulesUseOnlyTheApiOfCore(ROOT);

    @ArchTest
    static final ArchRule apiNamesNoForeignType = ArchitectureRules.apiNamesNoForeignType(ROOT);

    @ArchTest
    static final ArchRule packagesHaveNoCycles = ArchitectureRules.packagesHaveNoCycles(ROOT);

    @ArchTest
    static final ArchRule timeIsInjected = ArchitectureRules.timeIsInjected(ROOT);

    @ArchTest
    static final ArchRule randomnessIsInjected = ArchitectureRules.randomnessIsInjected(ROOT);

    @ArchTest
    static final ArchRule threadsAreInjected = ArchitectureRules.threadsAreInjected(ROOT);

    @ArchTest
    static final ArchRule environmentIsNotRead = ArchitectureRules.environmentIsNotRead(ROOT);

    @ArchTest
    static final ArchRule servicesAreNotLoaded = ArchitectureRules.servicesAreNotLoaded(ROOT);

    @ArchTest
    static final ArchRule processesStartInOnePlace = ArchitectureRules.processesStartInOnePlace(ROOT);

    @ArchTest
    static final ArchRule noStaticFieldCanBeReassigned = ArchitectureRules.noStaticFieldCanBeReassigned();

    private LibraryRules() {}
}

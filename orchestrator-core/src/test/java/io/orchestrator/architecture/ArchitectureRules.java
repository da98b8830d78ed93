package io.orchestrator.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/**
 * The rules themselves, each for the code below one root package: {@code io.orchestrator} in {@link LibraryRules}, a
 * fixture in the tests that prove each rule. Every rule accepts that nothing matches it yet.
 */
final class ArchitectureRules {
    private static final Set<String> IMPLEMENTED_BY_USERS = Set.of("NodeTransport", "Store", "HostRuntime");

    private ArchitectureRules() {}

    static ArchRule internalsAreReachedThroughEntryPoints(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(
                        root,
                        root + ".internal..",
                        root + ".transport..",
                        root + ".store..",
                        root + ".testing",
                        // Other modules have a rule of their own.
                        root + ".service..",
                        root + ".terminal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + "..internal..")
                .because("an API package that leans on an internal one cannot be decorated or replaced by a fake")
                .allowEmptyShould(true);
    }

    static ArchRule otherModulesUseOnlyTheApiOfCore(String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(root + ".service..", root + ".terminal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".internal..")
                .because("services and terminal are the first outside users of core: what they lack, its API lacks")
                .allowEmptyShould(true);
    }

    static ArchRule apiNamesNoForeignType(String root) {
        return classes()
                .that()
                .resideOutsideOfPackage("..internal..")
                .should(new NameOnlyOwnTypes(root))
                .because("a third-party type in a signature makes its releases ours")
                .allowEmptyShould(true);
    }

    static ArchRule packagesHaveNoCycles(String root) {
        return slices().assignedFrom(packagesBelow(root))
                .should()
                .beFreeOfCycles()
                .because("packages in a cycle can only be understood, tested and changed together")
                .allowEmptyShould(true);
    }

    static ArchRule timeIsInjected(String root) {
        return outsideTheRuntime(root, ForbiddenAccess.TIME)
                .because("a test or a simulation must be able to set the time");
    }

    static ArchRule randomnessIsInjected(String root) {
        return outsideTheRuntime(root, ForbiddenAccess.RANDOMNESS)
                .because("one seed must give one trace in the simulation");
    }

    static ArchRule threadsAreInjected(String root) {
        return outsideTheRuntime(root, ForbiddenAccess.THREADS)
                .because("a thread or a wait of our own escapes the simulation and outlives close()");
    }

    static ArchRule environmentIsNotRead(String root) {
        return outsideTheRuntime(root, ForbiddenAccess.ENVIRONMENT)
                .because("two installations in one JVM must not share settings that nobody passed in");
    }

    static ArchRule servicesAreNotLoaded(String root) {
        return outsideTheRuntime(root, ForbiddenAccess.SERVICE_LOADER)
                .because("the host composes its parts explicitly: a jar on the class path must not change behaviour");
    }

    static ArchRule processesStartInOnePlace(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".transport.process..")
                .should()
                .accessTargetWhere(ForbiddenAccess.PROCESSES)
                .because("only the development transport may start a process on the host")
                .allowEmptyShould(true);
    }

    static ArchRule noStaticFieldCanBeReassigned() {
        return noFields()
                .should()
                .beStatic()
                .andShould()
                .notBeFinal()
                .because("static state leaks between the installations and class loaders of one JVM")
                .allowEmptyShould(true);
    }

    /** Needs the test classes among the imported ones: the contract is looked for in what depends on the interface. */
    static ArchRule spiInterfacesHaveContracts(String root) {
        return classes()
                .that()
                .resideInAPackage(root + ".spi")
                .and()
                .areTopLevelClasses()
                .and()
                .areInterfaces()
                .and(describe("are implemented by users", type -> IMPLEMENTED_BY_USERS.contains(type.getSimpleName())))
                .should(new HaveAContract())
                .because("whoever implements an SPI needs a kit that says whether it works, and so do we")
                .allowEmptyShould(true);
    }

    private static ArchRule outsideTheRuntime(String root, DescribedPredicate<JavaAccess<?>> forbidden) {
        return noClasses()
                .that(areNotPartOfTheRuntime(root))
                .should()
                .accessTargetWhere(forbidden)
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> areNotPartOfTheRuntime(String root) {
        String name = root + ".internal.runtime.ThreadRuntime";
        return describe(
                "are not part of " + name,
                type -> !type.getName().equals(name) && !type.getName().startsWith(name + "$"));
    }

    /** Unlike a package pattern this gives the root package a slice too, so that nothing below may lean on it. */
    private static SliceAssignment packagesBelow(String root) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                return name.equals(root) || name.startsWith(root + ".")
                        ? SliceIdentifier.of(name)
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages of '" + root + "'";
            }
        };
    }
}

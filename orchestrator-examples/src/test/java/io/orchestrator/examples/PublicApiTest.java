package io.orchestrator.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.orchestrator.architecture.MainClasses;

/** The examples are users of the library as any other: what they need and cannot reach, the library lacks. */
@AnalyzeClasses(packages = "io.orchestrator.examples", importOptions = MainClasses.class)
class PublicApiTest {
    @ArchTest
    static final ArchRule examplesUseThePublicApiOnly = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.orchestrator.internal..", "io.orchestrator.service.internal..");
}

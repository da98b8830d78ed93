package io.orchestrator.architecture;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Looks at test classes too, where the contracts are. */
@AnalyzeClasses(packages = "io.orchestrator", importOptions = WithoutFixtures.class)
class SpiContractsTest {
    @ArchTest
    static final ArchRule spiInterfacesHaveContracts = ArchitectureRules.spiInterfacesHaveContracts("io.orchestrator");
}

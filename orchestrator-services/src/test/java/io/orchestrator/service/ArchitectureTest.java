package io.orchestrator.service;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.orchestrator.architecture.LibraryRules;
import io.orchestrator.architecture.MainClasses;

@AnalyzeClasses(packages = "io.orchestrator.service", importOptions = MainClasses.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests rules = ArchTests.in(LibraryRules.class);
}

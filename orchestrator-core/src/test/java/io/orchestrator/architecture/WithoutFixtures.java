package io.orchestrator.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out the classes that break the rules on purpose. */
final class WithoutFixtures implements ImportOption {
    @Override
    public boolean includes(Location location) {
        return !location.contains("/architecture/fixture/");
    }
}

package io.orchestrator.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Asks that a class called {@code <Interface>Contract} exists and really uses the interface. */
final class HaveAContract extends ArchCondition<JavaClass> {
    HaveAContract() {
        super("have a class named '<Interface>Contract' that uses them");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String contract = type.getSimpleName() + "Contract";
        boolean found = type.getDirectDependenciesToSelf().stream()
                .anyMatch(use -> use.getOriginClass().getSimpleName().equals(contract));
        String message = "'" + type.getName() + "' " + (found ? "has" : "has no") + " class '" + contract + "'";
        events.add(new SimpleConditionEvent(type, found, message));
    }
}

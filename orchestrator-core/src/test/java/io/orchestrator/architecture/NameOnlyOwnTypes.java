package io.orchestrator.architecture;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Asks that what users can see of a class (supertypes, type parameters, members, annotations) names only the JDK, our
 * own non-internal types, {@code MeterRegistry} and JSpecify.
 */
final class NameOnlyOwnTypes extends ArchCondition<JavaClass> {
    private static final Set<String> EXCEPTIONS = Set.of("io.micrometer.core.instrument.MeterRegistry");
    private static final List<String> JDK_AND_JSPECIFY = List.of("java.", "javax.", "org.jspecify.annotations.");

    private final String root;

    NameOnlyOwnTypes(String root) {
        super("name only own and JDK types in what users can see");
        this.root = root;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (!isExported(type)) {
            return;
        }
        Stream<JavaType> supertypes = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        Stream<JavaType> shape = Stream.concat(supertypes, type.getTypeParameters().stream());
        report(type.getDescription(), Stream.concat(rawTypes(shape), annotations(type.getAnnotations())), events);
        type.getMembers().stream()
                .filter(NameOnlyOwnTypes::isVisible)
                .forEach(member -> report(member.getDescription(), typesOf(member), events));
    }

    private void report(String where, Stream<JavaClass> types, ConditionEvents events) {
        types.map(JavaClass::getBaseComponentType)
                .filter(type -> !isAllowed(type))
                .distinct()
                .forEach(type ->
                        events.add(SimpleConditionEvent.violated(type, where + " names '" + type.getName() + "'")));
    }

    private boolean isAllowed(JavaClass type) {
        String name = type.getName();
        return type.isPrimitive()
                || EXCEPTIONS.contains(name)
                || JDK_AND_JSPECIFY.stream().anyMatch(name::startsWith)
                || (name.startsWith(root + ".") && !name.contains(".internal."));
    }

    private static Stream<JavaClass> typesOf(JavaMember member) {
        Stream<JavaClass> own = annotations(member.getAnnotations());
        if (!(member instanceof JavaCodeUnit codeUnit)) {
            return Stream.concat(own, member.getAllInvolvedRawTypes().stream());
        }
        // For a code unit "all involved" covers parameters, the return type and type parameters.
        Stream<JavaClass> thrown = codeUnit.getExceptionTypes().stream();
        Stream<JavaClass> onParameters = codeUnit.getParameters().stream()
                .map(JavaParameter::getAnnotations)
                .flatMap(NameOnlyOwnTypes::annotations);
        return Stream.of(own, member.getAllInvolvedRawTypes().stream(), thrown, onParameters)
                .flatMap(part -> part);
    }

    private static Stream<JavaClass> rawTypes(Stream<JavaType> types) {
        return types.flatMap(type -> type.getAllInvolvedRawTypes().stream());
    }

    private static Stream<JavaClass> annotations(Set<? extends JavaAnnotation<?>> annotations) {
        return annotations.stream().map(JavaAnnotation::getRawType);
    }

    private static boolean isExported(JavaClass type) {
        return isVisible(type)
                && type.getEnclosingClass().map(NameOnlyOwnTypes::isExported).orElse(true);
    }

    private static boolean isVisible(HasModifiers element) {
        Set<JavaModifier> modifiers = element.getModifiers();
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }
}

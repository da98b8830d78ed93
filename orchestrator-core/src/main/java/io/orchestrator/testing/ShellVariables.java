package io.orchestrator.testing;

import io.orchestrator.testing.ShellScript.Part;
import io.orchestrator.testing.ShellScript.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A fake shell's variables and parameters, and what words become with them. */
final class ShellVariables {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);

    private final SortedMap<String, String> values;
    private final List<String> parameters;
    private int lastCode;

    ShellVariables(SortedMap<String, String> values, List<String> parameters) {
        this.values = new TreeMap<>(values);
        this.parameters = List.copyOf(parameters);
    }

    ShellVariables copy() {
        return new ShellVariables(values, parameters);
    }

    void set(String name, String value) {
        values.put(name, value);
    }

    /** Takes {@code name=value}; false if the word is something else. */
    boolean assign(String word) {
        Matcher matcher = ASSIGNMENT.matcher(word);
        if (!matcher.matches()) {
            return false;
        }
        set(matcher.group(1), matcher.group(2));
        return true;
    }

    void lastCode(int code) {
        lastCode = code;
    }

    int lastCode() {
        return lastCode;
    }

    /** Puts variables in; one that is not quoted is split at white space. */
    List<String> expand(List<Word> words) {
        List<String> fields = new ArrayList<>();
        words.forEach(word -> expand(word, fields));
        return fields;
    }

    private void expand(Word word, List<String> fields) {
        StringBuilder field = new StringBuilder();
        boolean begun = false;
        for (Part part : word.parts()) {
            List<String> pieces;
            if (!part.variable()) {
                pieces = List.of(part.text());
            } else if (part.text().equals("@")) {
                pieces = parameters;
            } else {
                String value = value(part.text());
                pieces = part.quoted() ? List.of(value) : List.of(value.strip().split("\\s+"));
                if (!part.quoted() && value.isBlank()) {
                    continue;
                }
            }
            for (int i = 0; i < pieces.size(); i++) {
                if (i > 0) {
                    fields.add(field.toString());
                    field.setLength(0);
                }
                field.append(pieces.get(i));
                begun = true;
            }
        }
        // "$@" without parameters is no word at all, although "" is one
        boolean parametersOnly = field.isEmpty()
                && word.parts().stream()
                        .anyMatch(part -> part.variable() && part.text().equals("@"));
        if (begun && !(parametersOnly && parameters.isEmpty())) {
            fields.add(field.toString());
        }
    }

    private String value(String name) {
        return switch (name) {
            case "#" -> String.valueOf(parameters.size());
            case "?" -> String.valueOf(lastCode);
            default -> {
                if (name.matches("[0-9]+")) {
                    int index = Integer.parseInt(name);
                    yield index >= 1 && index <= parameters.size() ? parameters.get(index - 1) : "";
                }
                yield values.getOrDefault(name, "");
            }
        };
    }
}

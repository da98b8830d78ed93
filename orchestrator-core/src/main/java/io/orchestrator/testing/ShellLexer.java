package io.orchestrator.testing;

import io.orchestrator.testing.ShellScript.Part;
import io.orchestrator.testing.ShellScript.Word;
import java.util.ArrayList;
import java.util.List;

/** Cuts a script into words and operators. */
final class ShellLexer {
    /**
     * A word or an operator.
     *
     * @param operator empty for a word
     * @param descriptor which stream a redirection is about; -1 if not said
     */
    record Token(String operator, int descriptor, Word word) {}

    private static final List<String> OPERATORS = List.of("&&", "||", ">>", ">&", ";", "&", "<", ">", "\n");
    private static final String UNSUPPORTED = "|()`";
    private static final Word NO_WORD = new Word(List.of());

    private final String script;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder plain = new StringBuilder();
    private int at;

    private ShellLexer(String script) {
        this.script = script;
    }

    static List<Token> tokens(String script) {
        ShellLexer lexer = new ShellLexer(script);
        lexer.readAll();
        return lexer.tokens;
    }

    private void readAll() {
        while (at < script.length()) {
            char c = script.charAt(at);
            String operator = operator();
            if (c == ' ' || c == '\t') {
                endWord();
                at++;
            } else if (c == '#' && plain.isEmpty() && parts.isEmpty()) {
                int end = script.indexOf('\n', at);
                at = end < 0 ? script.length() : end;
            } else if (!operator.isEmpty()) {
                endOperator(operator);
            } else if (UNSUPPORTED.indexOf(c) >= 0) {
                throw new ShellSyntaxException("the fake shell has no '" + c + "'");
            } else {
                wordPart(c);
            }
        }
        endWord();
    }

    private String operator() {
        for (String operator : OPERATORS) {
            if (script.startsWith(operator, at)) {
                return operator;
            }
        }
        return "";
    }

    private void endOperator(String operator) {
        int descriptor = -1;
        boolean redirects = operator.startsWith("<") || operator.startsWith(">");
        if (redirects && parts.isEmpty() && plain.length() == 1 && "012".contains(plain)) {
            descriptor = plain.charAt(0) - '0';
            plain.setLength(0);
        }
        endWord();
        tokens.add(new Token(operator, descriptor, NO_WORD));
        at += operator.length();
    }

    private void wordPart(char c) {
        switch (c) {
            case '\'' -> {
                int end = closing('\'');
                add(script.substring(at + 1, end), true);
                at = end + 1;
            }
            case '"' -> quoted();
            case '\\' -> {
                add(script.substring(at + 1, Math.min(at + 2, script.length())), true);
                at += 2;
            }
            case '$' -> variable(false);
            default -> {
                plain.append(c);
                at++;
            }
        }
    }

    private void quoted() {
        StringBuilder text = new StringBuilder();
        // even "" is a word
        add("", true);
        at++;
        while (at < script.length() && script.charAt(at) != '"') {
            char c = script.charAt(at);
            if (c == '\\' && at + 1 < script.length() && "\\\"$`".indexOf(script.charAt(at + 1)) >= 0) {
                text.append(script.charAt(at + 1));
                at += 2;
            } else if (c == '$') {
                add(text.toString(), true);
                text.setLength(0);
                variable(true);
            } else {
                text.append(c);
                at++;
            }
        }
        if (at == script.length()) {
            throw new ShellSyntaxException("a '\"' is not closed");
        }
        add(text.toString(), true);
        at++;
    }

    private void variable(boolean quoted) {
        int begin = at + 1;
        boolean braces = begin < script.length() && script.charAt(begin) == '{';
        int end = braces ? begin + 1 : begin;
        int nameBegin = end;
        if (end < script.length() && "@#?0123456789".indexOf(script.charAt(end)) >= 0) {
            end++;
        } else {
            while (end < script.length()
                    && (Character.isLetterOrDigit(script.charAt(end)) || script.charAt(end) == '_')) {
                end++;
            }
        }
        if (end == nameBegin || (braces && (end == script.length() || script.charAt(end) != '}'))) {
            throw new ShellSyntaxException("the fake shell has only plain variables, not '"
                    + script.substring(at, Math.min(script.length(), at + 10)) + "'");
        }
        flushPlain();
        parts.add(new Part(script.substring(nameBegin, end), true, quoted));
        at = braces ? end + 1 : end;
    }

    private int closing(char quote) {
        int end = script.indexOf(quote, at + 1);
        if (end < 0) {
            throw new ShellSyntaxException("a " + quote + " is not closed");
        }
        return end;
    }

    private void add(String text, boolean quoted) {
        flushPlain();
        parts.add(new Part(text, false, quoted));
    }

    private void flushPlain() {
        if (!plain.isEmpty()) {
            parts.add(new Part(plain.toString(), false, false));
            plain.setLength(0);
        }
    }

    private void endWord() {
        flushPlain();
        if (!parts.isEmpty()) {
            tokens.add(new Token("", -1, new Word(List.copyOf(parts))));
            parts.clear();
        }
    }
}

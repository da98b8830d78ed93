package io.orchestrator.testing;

import io.orchestrator.testing.ShellLexer.Token;
import io.orchestrator.testing.ShellScript.Redirect;
import io.orchestrator.testing.ShellScript.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes a tree of a script: commands, {@code ; & && ||}, {@code while}, {@code until}, {@code for}, redirections. */
final class ShellParser {
    private static final Set<String> CLOSING = Set.of("do", "done");

    private final List<Token> tokens;
    private int at;

    private ShellParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static ShellScript parse(String script) {
        ShellParser parser = new ShellParser(ShellLexer.tokens(script));
        ShellScript parsed = parser.sequence();
        if (parser.at < parser.tokens.size()) {
            throw new ShellSyntaxException("'" + parser.keyword() + "' is not expected here");
        }
        return parsed;
    }

    private ShellScript sequence() {
        List<ShellScript> parts = new ArrayList<>();
        while (true) {
            while (operator(";") || operator("\n")) {
                at++;
            }
            if (at == tokens.size() || CLOSING.contains(keyword())) {
                return new ShellScript.Sequence(parts);
            }
            ShellScript part = chain();
            if (operator("&")) {
                at++;
                part = new ShellScript.Background(part);
            }
            parts.add(part);
        }
    }

    private ShellScript chain() {
        ShellScript first = command();
        while (operator("&&") || operator("||")) {
            boolean ifSucceeded = operator("&&");
            at++;
            first = new ShellScript.Chain(first, ifSucceeded, command());
        }
        return first;
    }

    private ShellScript command() {
        switch (keyword()) {
            case "while", "until" -> {
                boolean until = keyword().equals("until");
                at++;
                ShellScript condition = sequence();
                return new ShellScript.Loop(condition, until, body());
            }
            case "for" -> {
                at++;
                String variable = word().plain();
                expect("in");
                List<Word> words = new ArrayList<>();
                while (at < tokens.size() && tokens.get(at).operator().isEmpty()) {
                    words.add(word());
                }
                while (operator(";") || operator("\n")) {
                    at++;
                }
                return new ShellScript.ForEach(variable, words, body());
            }
            case "if", "case" -> throw new ShellSyntaxException("the fake shell has no '" + keyword() + "'");
            default -> {
                return simple();
            }
        }
    }

    private ShellScript body() {
        expect("do");
        ShellScript body = sequence();
        expect("done");
        return body;
    }

    private ShellScript simple() {
        List<Word> words = new ArrayList<>();
        List<Redirect> redirects = new ArrayList<>();
        while (at < tokens.size()) {
            Token token = tokens.get(at);
            String operator = token.operator();
            if (operator.isEmpty()) {
                words.add(word());
            } else if (operator.startsWith("<") || operator.startsWith(">")) {
                at++;
                int descriptor = token.descriptor() >= 0 ? token.descriptor() : operator.equals("<") ? 0 : 1;
                redirects.add(new Redirect(descriptor, operator, word()));
            } else {
                break;
            }
        }
        if (words.isEmpty() && redirects.isEmpty()) {
            throw new ShellSyntaxException("a command is missing");
        }
        return new ShellScript.Simple(words, redirects);
    }

    private Word word() {
        if (at == tokens.size() || !tokens.get(at).operator().isEmpty()) {
            throw new ShellSyntaxException("a word is missing");
        }
        return tokens.get(at++).word();
    }

    private void expect(String keyword) {
        if (!keyword().equals(keyword)) {
            throw new ShellSyntaxException("'" + keyword + "' is missing");
        }
        at++;
    }

    /** The next token if it could be a keyword, otherwise empty. */
    private String keyword() {
        return at < tokens.size() ? tokens.get(at).word().plain() : "";
    }

    private boolean operator(String operator) {
        return at < tokens.size() && tokens.get(at).operator().equals(operator);
    }
}

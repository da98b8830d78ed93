package io.orchestrator.examples.controlplane;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes of memory as the original's node did: {@code 512m}, {@code 1.5g}, {@code 268435456}. */
final class MemorySize {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,6})?) ?([bkmgt]?)b?");
    private static final String UNITS = "bkmgt";

    private MemorySize() {}

    /** The size in MiB, rounded up; empty if the text is no size. Limits are the specification's to check. */
    static OptionalLong mib(String text) {
        Matcher matcher = SHAPE.matcher(text.length() > 32 ? "" : text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2));
        BigDecimal bytes = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1_024).pow(power));
        BigDecimal mib = bytes.divide(BigDecimal.valueOf(1 << 20), 0, RoundingMode.CEILING);
        return OptionalLong.of(mib.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact());
    }
}

package io.orchestrator.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The command {@code printf} with {@code %s}, {@code %d}, {@code %%}, and the escapes for line ends, tabs, octal bytes. */
final class Printf implements FakeProgram {
    @Override
    public int run(FakeProcess process) throws IOException {
        List<String> arguments = BuiltIns.arguments(process);
        if (arguments.isEmpty()) {
            return BuiltIns.complain(process, "printf: no format", 2);
        }
        byte[] format = arguments.get(0).getBytes(StandardCharsets.UTF_8);
        List<String> values = arguments.subList(1, arguments.size());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int next = 0;
        int before;
        do {
            before = next;
            next = once(format, values, next, out);
        } while (next < values.size() && next > before);
        process.output().write(out.toByteArray());
        return 0;
    }

    private static int once(byte[] format, List<String> values, int first, ByteArrayOutputStream out) {
        int next = first;
        for (int i = 0; i < format.length; i++) {
            boolean last = i + 1 == format.length;
            if (format[i] == '%' && !last) {
                i++;
                if (format[i] == '%') {
                    out.write('%');
                } else {
                    out.writeBytes((next < values.size() ? values.get(next) : "").getBytes(StandardCharsets.UTF_8));
                    next++;
                }
            } else if (format[i] == '\\' && !last) {
                i = escape(format, i + 1, out);
            } else {
                out.write(format[i]);
            }
        }
        return next;
    }

    private static int escape(byte[] format, int at, ByteArrayOutputStream out) {
        int i = at;
        switch (format[i]) {
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case '\\' -> out.write('\\');
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int value = 0;
                for (; i < format.length && i < at + 3 && format[i] >= '0' && format[i] <= '7'; i++) {
                    value = value * 8 + format[i] - '0';
                }
                out.write(value);
                i--;
            }
            default -> {
                out.write('\\');
                out.write(format[i]);
            }
        }
        return i;
    }
}

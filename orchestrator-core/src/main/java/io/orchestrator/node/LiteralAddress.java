package io.orchestrator.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses as text. Nothing is ever looked up. */
final class LiteralAddress {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    /** With a colon, which no host name has: the JDK then takes it for a literal or for nothing. */
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");

    private static final int GROUPS = 8;

    private LiteralAddress() {}

    /** The address as engines show it (RFC 5952); empty if the text is none. */
    static Optional<String> canonical(String text) {
        if (IPV4.matcher(text).matches()) {
            return Optional.of(text);
        }
        if (!IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(text);
            byte[] octets = address.getAddress();
            // an IPv4 address in the clothes of IPv6 comes out as what it is
            return Optional.of(octets.length == 2 * GROUPS ? shortest(octets) : address.getHostAddress());
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }

    /** Groups in lower-case hexadecimal, the longest run of at least two zeros, the first of equals, as a double colon. */
    private static String shortest(byte[] octets) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (octets[2 * i] & 0xff) << 8 | (octets[2 * i + 1] & 0xff);
        }
        int from = 0;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = 0;
            while (i + zeros < GROUPS && groups[i + zeros] == 0) {
                zeros++;
            }
            if (zeros > length) {
                from = i;
                length = zeros;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (length > 1 && i == from) {
                text.append("::");
                i += length - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}

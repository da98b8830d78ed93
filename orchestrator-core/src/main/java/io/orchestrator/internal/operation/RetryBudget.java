package io.orchestrator.internal.operation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many steps may be tried again on each node: three a second, and for each ten first tries of a minute one more. So a
 * node that fails everything is not kept down by what is repeated. A retry that is too many is delayed, never dropped.
 * Thread-safe.
 */
final class RetryBudget {
    private static final double PER_NANO = 3 / 1e9;
    private static final double BURST = 3;
    private static final double PER_FIRST_TRY = 0.1;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    /** The node that was unused for longest is forgotten; when it comes again it has a whole budget. */
    private static final int MAX_NODES = 10_000;

    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
            return size() > MAX_NODES;
        }
    };

    private static final class Account {
        /** Below zero it is what was promised ahead. */
        double tokens = BURST;

        double earned;
        long filledAt;
        long minuteBegan;

        Account(long now) {
            filledAt = now;
            minuteBegan = now;
        }

        void advance(long now) {
            tokens = Math.min(BURST, tokens + (now - filledAt) * PER_NANO);
            filledAt = now;
            if (now - minuteBegan >= MINUTE) {
                minuteBegan = now;
                earned = 0;
            }
        }
    }

    /** Counts a first try, which is never delayed. */
    synchronized void first(String node, long now) {
        account(node, now).earned += PER_FIRST_TRY;
    }

    /** Takes the right to one retry, and tells how long it must wait for it. */
    synchronized Duration take(String node, long now) {
        Account account = account(node, now);
        if (account.earned >= 1) {
            account.earned--;
            return Duration.ZERO;
        }
        account.tokens--;
        return account.tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-account.tokens / PER_NANO));
    }

    /** Returns a right that was waited for and is not needed any more. */
    synchronized void giveBack(String node, long now) {
        Account account = account(node, now);
        account.tokens = Math.min(BURST, account.tokens + 1);
    }

    private Account account(String node, long now) {
        Account account = accounts.computeIfAbsent(node, unused -> new Account(now));
        account.advance(now);
        return account;
    }
}

package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final Principal ALICE = new Principal("alice", Role.USER);
    private static final Principal BOB = new Principal("bob", Role.USER);

    @Test
    void take_moreThanOneCallerMay_isRefusedAndLeavesTheRestToOthers() {
        Shares shares = new Shares("transfers", 10, 4);
        shares.take(ALICE, 3);

        assertThatThrownBy(() -> shares.take(ALICE, 2)).hasMessageContaining("one caller may");

        shares.take(ALICE, 1);
        shares.take(BOB, 4);
        assertThat(shares.taken()).isEqualTo(8);
    }

    @Test
    void take_moreThanThereIs_isRefusedWith503() {
        Shares shares = new Shares("transfers", 5, 4);
        shares.take(ALICE, 4);

        assertThatThrownBy(() -> shares.take(BOB, 2)).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsKey("Retry-After");
        });
        shares.take(BOB, 1);
    }

    @Test
    void close_twice_givesBackOnce() {
        Shares shares = new Shares("transfers", 5, 4);
        shares.take(BOB, 1);
        List<Shares.Share> taken = new ArrayList<>(List.of(shares.take(ALICE, 2), shares.take(ALICE, 2)));

        taken.forEach(Shares.Share::close);
        taken.get(0).close();

        assertThat(shares.taken()).isEqualTo(1);
        shares.take(ALICE, 4);
    }
}

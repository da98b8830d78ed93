package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.Javalin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CensusTest {
    private static final Census.Counts COUNTS = new Census.Counts(1, 1, 2, 1, 0);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void stop() {
        answers.countDown();
        executor.shutdown();
    }

    @Test
    void counts_askedOften_countsOnceASecond() {
        Census census = new Census(this::count, executor, Duration.ofSeconds(30));
        answers.countDown();

        for (int i = 0; i < 100; i++) {
            assertThat(census.counts().join()).isEqualTo(COUNTS);
        }

        assertThat(asked.get()).isLessThan(10);
    }

    @Test
    void counts_whileTheStoreHangs_failsForAllAndAsksItOnce() throws Exception {
        Census census = new Census(this::count, executor, Duration.ofMillis(1));

        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(census.counts()::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        }

        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(asked).hasValue(1);
    }

    /** A hundred callers on fewer threads than that, none of which may wait for the store. */
    @Test
    void health_whileTheStoreHangs_answersEverybodyAndKeepsNoThread() throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(12, 4);
        Census census = new Census(this::count, threads, Duration.ofSeconds(1));
        SystemRoutes routes = new SystemRoutes(census, new ServerMetrics(), threads);
        Javalin web = Javalin.create(config -> {
                    config.jetty.threadPool = threads;
                    config.startup.showJavalinBanner = false;
                    routes.addTo(config.routes);
                })
                .start("127.0.0.1", 0);
        try {
            Caller caller = Caller.of(web.port(), "");
            List<CompletableFuture<String>> health = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                health.add(caller.http()
                        .sendAsync(
                                caller.request("/health").GET().build(),
                                java.net.http.HttpResponse.BodyHandlers.ofString())
                        .thenApply(response -> response.body()));
            }
            assertThat(caller.get("/").status()).isEqualTo(200);

            assertThat(health).allSatisfy(answer -> assertThat(answer.join()).contains("\"status\":\"unhealthy\""));
            assertThat(caller.get("/health").text()).contains("\"status\":\"unhealthy\"");
            assertThat(asked).as("counts, while the first still hangs").hasValue(1);
        } finally {
            answers.countDown();
            web.stop();
        }
    }

    private Census.Counts count() {
        asked.incrementAndGet();
        begun.countDown();
        try {
            answers.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        return COUNTS;
    }
}

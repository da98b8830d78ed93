package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What well-formed answers mean, and in which version of the API they are asked for. */
class EngineAnswersTest extends EngineFixture {
    @ParameterizedTest
    @CsvSource({"1.41,/v1.41/", "1.43,/v1.43/", "1.44,/v1.44/", "1.52,/v1.44/"})
    void call_eachEngine_speaksTheNewestCommonVersion(String theirs, String prefix) {
        engine().apiVersion(theirs);
        engine().answering(json(200, OURS));

        node().inspect(call(), "web");

        assertThat(engine().requests().get(0)).isEqualTo("GET /_ping HTTP/1.1");
        assertThat(engine().requests().get(1)).startsWith("GET " + prefix + "containers/web/json ");
    }

    @ParameterizedTest
    @CsvSource({
        "1.40,UNSUPPORTED",
        "2.0,UNSUPPORTED",
        "'',PROTOCOL_ERROR",
        "one,PROTOCOL_ERROR",
        "1.9999,PROTOCOL_ERROR"
    })
    void call_versionThatCannotBeSpoken_isRefused(String theirs, ErrorCode code) {
        engine().apiVersion(theirs);

        assertThat(failureOf(() -> node().inspect(call(), "web")).code()).isEqualTo(code);
    }

    @Test
    void call_engineWasReplaced_negotiatesAgain() {
        engine().answering(json(200, OURS));
        node().inspect(call(), "web");
        engine().apiVersion("1.52");
        engine().dropConnections();

        node().inspect(call(), "web");
        node().inspect(call(), "web");

        assertThat(engine().requests().get(engine().requests().size() - 1)).startsWith("GET /v1.44/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|No such image: nginx:1|IMAGE_NOT_FOUND",
                "409|Conflict. The container name \\\"/web\\\" is already in use by container 1|NAME_TAKEN",
                "500|the container name \\\"web\\\" is already in use by 1|NAME_TAKEN",
                "409|something else|CONFLICT",
                "400|invalid CPU value|INVALID_ARGUMENT",
                "500|mkdir /var/lib: no space left on device|NO_SPACE",
                "500|anything|ENGINE_ERROR",
                "503|anything|ENGINE_ERROR",
                "404|page not found|PROTOCOL_ERROR"
            })
    void create_refused_saysWhy(int status, String message, ErrorCode code) {
        engine().answering(refusal(status, message));

        OrchestratorException failure = failureOf(() ->
                node().create(call(), request(ContainerSpec.builder("nginx:1").build())));

        assertThat(failure.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|No such container: web|NOT_FOUND",
                "500|driver failed: Bind for 127.0.0.1:80 failed: port is already allocated|PORT_TAKEN",
                "500|listen tcp4 127.0.0.1:80: bind: address already in use|PORT_TAKEN",
                "400|exec: \\\"x\\\": executable file not found in $PATH|ENGINE_ERROR",
                "500|no space left on device|NO_SPACE",
                "500|cgroup trouble|ENGINE_ERROR"
            })
    void start_refused_saysWhy(int status, String message, ErrorCode code) {
        knowing((request, peer) -> peer.send(refusal(status, message)));

        assertThat(failureOf(() -> node().start(call(), ID)).code()).isEqualTo(code);
    }

    @Test
    void startStopRemove_foreignContainer_sendNoChange() {
        engine().answering(json(200, OURS.replace("\"" + INSTALLATION + "\"", "\"other\"")));

        assertThat(failureOf(() -> node().start(call(), ID)).code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(failureOf(() -> node().stop(call(), ID, Duration.ZERO)).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(failureOf(() -> node().remove(call(), ID)).code()).isEqualTo(ErrorCode.CONFLICT);

        assertThat(engine().requests()).allMatch(line -> line.startsWith("GET "));
    }

    @Test
    void remove_alreadyUnderWay_waitsForAbsence() {
        AtomicInteger inspections = new AtomicInteger();
        engine().script((request, peer) -> {
            if (request.startsWith("DELETE ")) {
                peer.send(refusal(409, "removal of container web is already in progress"));
            } else {
                peer.send(inspections.incrementAndGet() < 5 ? json(200, OURS) : refusal(404, "No such container: web"));
            }
        });

        node().remove(call(), ID);

        assertThat(inspections).hasValue(5);
        assertThat(engine().requests())
                .filteredOn(line -> line.startsWith("DELETE "))
                .hasSize(1);
    }

    @Test
    void remove_neverAbsent_isUnknownAtItsDeadline() {
        knowing((request, peer) -> peer.send("HTTP/1.1 204 No Content\r\n\r\n"));

        assertThat(failureOf(() -> node().remove(call(Duration.ofMillis(400)), ID)))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "manifest for nginx:9 not found|IMAGE_NOT_FOUND",
                "pull access denied for x|IMAGE_NOT_FOUND",
                "unauthorized: authentication required|IMAGE_NOT_FOUND",
                "write /var/lib/docker: no space left on device|NO_SPACE",
                "dial tcp 127.0.0.1:1: connect: connection refused|NODE_UNREACHABLE",
                "toomanyrequests: slow down|NODE_UNREACHABLE",
                "layer is broken|ENGINE_ERROR"
            })
    void pull_errorInsideTheAnswer_isAnError(String message, ErrorCode code) {
        List<String> told = new ArrayList<>();
        String error = "\"" + message + "\"";
        String progress = "{\"status\":\"Pulling from library/nginx\",\"id\":\"1\"}";
        engine().answering(
                        json(200, progress + "{\"errorDetail\":{\"message\":" + error + "},\"error\":" + error + "}"));

        assertThat(failureOf(() -> node().pull(call(), "nginx:9", told::add)).code())
                .isEqualTo(code);

        assertThat(told).containsExactly("1: Pulling from library/nginx");
    }

    @ParameterizedTest
    @CsvSource({
        "nginx,fromImage=nginx&tag=latest",
        "nginx:1.27,fromImage=nginx&tag=1.27",
        "localhost:5000/a/b,fromImage=localhost%3A5000%2Fa%2Fb&tag=latest",
        "localhost:5000/a/b:2,fromImage=localhost%3A5000%2Fa%2Fb&tag=2",
        "nginx@sha256:00,fromImage=nginx%40sha256%3A00"
    })
    void pull_anyReference_asksForExactlyOneImage(String image, String query) {
        engine().answering(json(200, "{\"status\":\"done\"}"));

        node().pull(call(), image, word -> {});

        assertThat(engine().requests()).last().isEqualTo("POST /v1.41/images/create?" + query + " HTTP/1.1");
    }

    @Test
    void pull_answerCutOff_isAProtocolError() {
        String complete = json(200, "{\"status\":\"Pulling\"}");
        engine().answeringAndClosing(complete.substring(0, complete.length() - 2));

        assertThat(failureOf(() -> node().pull(call(), "nginx", word -> {})).code())
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void imageId_pathTricks_areRefusedBeforeTheyAreSent() {
        assertThat(failureOf(() -> node().imageId(call(), "a/../../containers/x"))
                        .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failureOf(() -> node().inspect(call(), "../info")).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failureOf(() -> node().inspect(call(), "x?y")).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);

        assertThat(engine().requests()).isEmpty();
    }
}

package io.orchestrator.examples.controlplane;

import io.javalin.http.Context;
import io.javalin.security.RouteRole;
import io.orchestrator.security.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Decides who a request comes from and whether its route is open to them. */
final class Access {
    private static final String CALLER = "caller";
    private static final String SCHEME = "Bearer ";
    private static final int MAX_TOKEN = 4_096;

    private final ApiTokens tokens;

    Access(ApiTokens tokens) {
        this.tokens = tokens;
    }

    /** Runs before the handler of every matched route. */
    void check(Context ctx) {
        Set<RouteRole> roles = ctx.routeRoles();
        if (!roles.contains(Role.ANYONE)) {
            ctx.attribute(CALLER, require(ctx.req(), roles.contains(Role.USER) ? Role.USER : Role.ADMIN));
        }
    }

    /** The caller; only for routes that require one. */
    static Principal caller(Context ctx) {
        return Objects.requireNonNull(ctx.<Principal>attribute(CALLER), "a route without a caller");
    }

    /** Ends the request unless it carries the token of somebody with that role. */
    Principal require(HttpServletRequest request, Role role) {
        Principal caller = token(request)
                .flatMap(tokens::find)
                .orElseThrow(
                        () -> ApiException.of(401, "a valid bearer token is required", "WWW-Authenticate", "Bearer"));
        if (role == Role.ADMIN && !caller.administrator()) {
            throw ApiException.of(403, "this is for administrators");
        }
        return caller;
    }

    private static Optional<Secret> token(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.size() != 1
                || !headers.get(0).startsWith(SCHEME)
                || headers.get(0).length() > MAX_TOKEN) {
            return Optional.empty();
        }
        return Optional.of(Secret.of(headers.get(0).substring(SCHEME.length())));
    }
}

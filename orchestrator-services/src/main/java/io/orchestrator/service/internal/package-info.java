/** What several kinds of services share and nobody else may use: JSON, and HTTP calls that are bounded in time and size. */
@NullMarked
package io.orchestrator.service.internal;

import org.jspecify.annotations.NullMarked;

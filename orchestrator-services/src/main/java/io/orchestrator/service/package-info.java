/** Managed services: one shape for every kind, provisioned by operations of the core and reached through typed clients. */
@NullMarked
package io.orchestrator.service;

import org.jspecify.annotations.NullMarked;

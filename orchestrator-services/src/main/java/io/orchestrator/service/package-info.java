/** Managed services that are launched, bound and watched on the containers of core. */
@NullMarked
package io.orchestrator.service;

import org.jspecify.annotations.NullMarked;

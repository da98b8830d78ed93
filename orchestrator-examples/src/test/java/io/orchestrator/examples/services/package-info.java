/** The reference services, launched for real and used through their typed clients. */
@NullMarked
package io.orchestrator.examples.services;

import org.jspecify.annotations.NullMarked;

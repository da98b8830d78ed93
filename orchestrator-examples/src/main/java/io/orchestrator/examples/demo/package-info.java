/** The first thing to run: every part of the library once, with the time each step took. */
@NullMarked
package io.orchestrator.examples.demo;

import org.jspecify.annotations.NullMarked;

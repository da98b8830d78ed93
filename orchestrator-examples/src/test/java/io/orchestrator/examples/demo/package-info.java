@NullMarked
package io.orchestrator.examples.demo;

import org.jspecify.annotations.NullMarked;

/**
 * Contract kits: abstract test classes that a transport, a store or a runtime extends to show that it keeps its
 * promises, and the runner that proves that a kit finds bugs.
 */
@NullMarked
package io.orchestrator.kit;

import org.jspecify.annotations.NullMarked;

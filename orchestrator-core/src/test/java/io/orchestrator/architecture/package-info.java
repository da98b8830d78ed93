/** The architecture rules of the library modules, published in the test jar for each module to run on itself. */
@NullMarked
package io.orchestrator.architecture;

import org.jspecify.annotations.NullMarked;

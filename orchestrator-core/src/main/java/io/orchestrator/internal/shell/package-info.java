/** Lines of POSIX shell that more than one transport puts before a command. */
@NullMarked
package io.orchestrator.internal.shell;

import org.jspecify.annotations.NullMarked;

/** Text as one word of sh(1), whatever it holds. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command for ssh(1) that does the same as the one given but ends with status 128 plus the signal's
 * number when a signal ends it: of a remote signal ssh itself makes 255, as of every failure of its own.
 *
 * A shell waits for the command, and its own remark ("Killed") goes nowhere. It is handed the
 * command in its environment, because in its arguments `pkill -f` would find it. Signals of the
 * terminal are for the command alone.
 */
export function reportingSignals(command: string): string {
  return `exec env ${variable}=${quoteWord(command)} sh -c ${quoteWord(waitingScript)}`;
}

const variable = "TSMACHINE_COMMAND";

const waitingScript = [
  `command=$${variable}`,
  `unset ${variable}`,
  "trap : INT QUIT",
  "exec 3>&2 2>/dev/null",
  `(exec 2>&3 3>&-; exec "\${SHELL:-sh}" -c "$command")`,
  "exit $?",
].join("; ");

/**
 * How the kernel begins to say that something is wrong with itself, see lib/bug.c, kernel/panic.c, kernel/hung_task.c,
 * kernel/watchdog.c, kernel/rcu/tree_stall.h and kernel/locking/lockdep.c, and `die` of arch/x86/kernel/dumpstack.c and
 * arch/arm64/kernel/traps.c, which counts what it reports: "[#1]".
 */
const complaints = [
  /\bOops(?::| -)/,
  /\b(?:divide error|invalid opcode|stack segment|double fault)\b.*: [0-9a-f]{4} \[#\d+\]/,
  /\bInternal error: .+ \[#\d+\]/,
  /\bBUG: /,
  /\bkernel BUG at /,
  /\bWARNING: (?:CPU: \d|\S+:\d+ at |held lock freed|possible |suspicious |inconsistent |bad )/,
  /\bINFO: task .+ blocked for more than \d+ seconds/,
  /\bwatchdog: .*\b(?:soft|hard|Soft|Hard) (?:lockup|LOCKUP)/,
  /\brcu: INFO: \S+ (?:self-)?detected (?:expedited )?stalls?/,
  /\bgeneral protection fault/,
  /\bUnable to handle kernel /,
  /\bUBSAN: /,
  /\brefcount_t: /,
  /\b(?:list_add|list_del) corruption/,
  /\bKernel panic - not syncing/,
];

/**
 * The kernel's complaints among its messages, in their order, each once and without its time.
 * @param allowed regular expressions of lines that count as none
 */
export function findSplats(messages: string, allowed: readonly string[]): readonly string[] {
  const isAllowed = allowed.map((pattern) => new RegExp(pattern));
  const found = messages
    .split(/\r?\n/)
    .map((line) => line.replace(/^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[[^\]]*\])? ?/, "").trimEnd())
    .filter((line) => complaints.some((complaint) => complaint.test(line)))
    .filter((line) => !isAllowed.some((pattern) => pattern.test(line)));
  return [...new Set(found)];
}

// What VBoxManage says when something fails: src/VBox/Main/glue/errorprint.cpp of VirtualBox; a "fatal error" is one
// of its runtime, before anything was asked.
import type { Failure } from "../failure.ts";

/**
 * The failure that the lines on stderr tell of; undefined when they tell of none. The exit status is
 * no guide: some commands end with 0 all the same.
 */
export function parseFailure(stderr: string): Failure | undefined {
  const lines = stderr
    .split(/\r?\n/)
    .flatMap(
      (line) => /^VBoxManage(?:\.exe)?: (?:fatal )?error: (.*)$/.exec(line)?.[1]?.trim() ?? [],
    );
  if (lines.length === 0) return undefined;
  const words = lines.filter((line) => !/^(Details: code|Context:) /.test(line));
  return {
    message: words.join("; "),
    code: codeIn(lines),
  };
}

/** Of a line such as "Details: code VBOX_E_FILE_ERROR (0x80bb0004), component …". */
function codeIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const [, code] = /\bcode [A-Z_0-9]+ \((0x[0-9a-f]{8})\)/i.exec(line) ?? [];
    if (code !== undefined) return code.toLowerCase();
  }
  return undefined;
}

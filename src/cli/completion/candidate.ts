/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  readonly description?: string;
}

/** What a shell offers its user. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** True where names of files are right too: shells complete those themselves. */
  readonly takesFiles: boolean;
}

export const nothing: Completion = { candidates: [], takesFiles: false };

export function candidatesOf(words: readonly string[]): Completion {
  return { candidates: words.map((word) => ({ word })), takesFiles: false };
}

/** The candidates that go on from what is typed, with `prefix` before each. */
export function continuing(
  { candidates, takesFiles }: Completion,
  { typed, prefix = "" }: { readonly typed: string; readonly prefix?: string },
): Completion {
  const fitting = candidates.filter(({ word }) => word.startsWith(typed));
  return {
    candidates: fitting.map((candidate) => ({ ...candidate, word: prefix + candidate.word })),
    takesFiles,
  };
}

/**
 * What the shells' scripts in templates/shells read: a line for each candidate, its description behind
 * a tab; then ":files" where the shell is to add names of files.
 */
export function renderCompletion({ candidates, takesFiles }: Completion): string {
  const lines = candidates.map(({ word, description }) =>
    description ? `${word}\t${description.replace(/\s+/g, " ")}` : word,
  );
  if (takesFiles) lines.push(":files");
  return lines.map((line) => `${line}\n`).join("");
}

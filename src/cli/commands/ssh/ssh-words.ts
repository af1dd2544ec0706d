/** What follows the machine's name on the command line of `ssh`. */
export interface SshWords {
  /** The user's own options for ssh(1), before the address. */
  readonly options: readonly string[];
  readonly command: readonly string[];
}

/**
 * Tells options of ssh from the command: options come first, up to "--" or the first word that is
 * neither an option nor an option's value.
 */
export function splitSshWords(words: readonly string[]): SshWords {
  let position = 0;
  while (position < words.length) {
    const word = words[position] ?? "";
    if (word === "--")
      return { options: words.slice(0, position), command: words.slice(position + 1) };
    if (!/^-[A-Za-z0-9]/.test(word)) break;
    position += takesNextWord(word) ? 2 : 1;
  }
  return { options: words.slice(0, position), command: words.slice(position) };
}

/** Options of ssh(1) that take a value: the rest of their word or, where nothing is left, the next. */
const valued = /[BbcDEeFIiJLlmOoPpQRSWw]/;

/** "-p" and "-Np" do; "-N" and "-p22" do not. */
function takesNextWord(options: string): boolean {
  const position = options.search(valued);
  return position !== -1 && position === options.length - 1;
}

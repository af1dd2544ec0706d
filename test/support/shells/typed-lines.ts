import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../src/host/processes/run.ts";

/** What a user sees of a line that was typed and completed. */
export interface TypedLine {
  /** The line once the Tab key has done its work. */
  readonly line: string;
  /** All that the terminal has shown meanwhile. */
  readonly screen: string;
}

interface Typing {
  readonly shell: "bash" | "zsh";
  /** Evaluated by the shell as it starts. */
  readonly script: string;
  /** An empty folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Types each of the lines and then Tab into an interactive shell, on a terminal of zsh's module zpty. */
export async function typeLines(
  lines: readonly string[],
  { shell, script, folder, environment }: Typing,
): Promise<TypedLine[]> {
  await writeFile(join(folder, ".bashrc"), `${bashSettings}${script}`);
  await writeFile(join(folder, ".zshrc"), `${zshSettings}${script}`);
  const command = shell === "bash" ? `bash --rcfile "${folder}/.bashrc" -i` : "zsh -d -i";
  const { stdout } = await run("zsh", ["-f", "-c", terminal, "terminal", command, ...lines], {
    cwd: folder,
    environment: { ...environment, ZDOTDIR: folder, TERM: "dumb", INPUTRC: "/dev/null" },
  });
  return stdout
    .split("\0")
    .slice(0, -1)
    .map((screen) => ({ screen, line: /<<(.*)>>/s.exec(screen)?.[1] ?? "" }));
}

/** Ctrl-X d shows the line that is being edited; Ctrl-U empties it. */
const terminal = `
zmodload zsh/zpty
zpty typed $1
zpty -r typed seen '*ready> *'
for line in "\${@[2,-1]}"; do
  zpty -w -n typed $'\\x15'"$line"$'\\t\\x18d'
  zpty -r typed seen '*<<*>>*'
  print -rn -- "$seen"$'\\0'
done
zpty -d typed`;

const bashSettings = `
PS1='ready> ' COLUMNS=200
stty cols 200
bind 'set show-all-if-ambiguous on'
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
bind -x '"\\C-xd": printf "<<%s>>" "$READLINE_LINE"'
`;

const zshSettings = `
PS1='ready> ' COLUMNS=200
stty cols 200
setopt no_beep no_list_ambiguous no_auto_menu
autoload -Uz compinit && compinit -D -u
show-line() { print -rn -- "<<$BUFFER>>" }
zle -N show-line
bindkey -e
bindkey '^Xd' show-line
`;

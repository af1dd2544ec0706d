// Control functions as ECMA-48 has them: https://ecma-international.org/publications-and-standards/standards/ecma-48/

/**
 * Makes text of others fit for a terminal, piece by piece: without escape sequences and without control characters but
 * tabs and ends of lines. A lone carriage return, by which a line would write over itself, ends a line. What an escape
 * sequence is cut short by, such as the end of a line, is kept: none swallows the lines that follow.
 */
export function createTextCleaner(): (text: string) => string {
  let state: State = "text";
  return (text) => {
    let clean = "";
    for (const character of text) {
      const [next, shown] = step(state, character);
      state = next;
      clean += shown;
    }
    return clean;
  };
}

/** The text, clean, on one line, for where each line begins with something of ours; its indentation is kept. */
export function cleanLine(text: string): string {
  return createTextCleaner()(text).trimEnd().replace(/\n\s*/g, " ");
}

type State =
  | "text"
  /** After carriage returns, which are none when the line ends. */
  | "return"
  /** After ESC, and what may stand between it and the last byte of the sequence. */
  | "escape"
  /** A control sequence: CSI, up to its last byte. */
  | "sequence"
  /** A control string, such as a window's title: up to BEL or ST. */
  | "string"
  | "escape in string";

function step(state: State, character: string): readonly [State, string] {
  switch (state) {
    case "text":
      return begin(character, "");
    case "return":
      if (character === "\r") return ["return", ""];
      return character === "\n" ? ["text", "\n"] : begin(character, "\n");
    case "escape":
      if (character === "[") return ["sequence", ""];
      if (/[PX\]^_]/.test(character)) return ["string", ""];
      if (/[ -/]/.test(character)) return ["escape", ""];
      return /[0-~]/.test(character) ? ["text", ""] : begin(character, "");
    case "sequence":
      if (/[ -?]/.test(character)) return ["sequence", ""];
      return /[@-~]/.test(character) ? ["text", ""] : begin(character, "");
    case "string":
      if (character === "\x07" || character === "\u009c") return ["text", ""];
      if (character === "\x1b") return ["escape in string", ""];
      return breakers.has(character) ? begin(character, "") : ["string", ""];
    case "escape in string":
      return character === "\\" ? ["text", ""] : step("escape", character);
  }
}

/** The end of a line, CAN and SUB. */
const breakers: ReadonlySet<string> = new Set(["\n", "\x18", "\x1a"]);

/** A character where none is awaited, after what the one before has left to show. */
function begin(character: string, before: string): readonly [State, string] {
  switch (character) {
    case "\r":
      return ["return", before];
    case "\x1b":
      return ["escape", before];
    case "\u009b":
      return ["sequence", before];
    case "\u0090":
    case "\u0098":
    case "\u009d":
    case "\u009e":
    case "\u009f":
      return ["string", before];
    case "\n":
    case "\t":
      return ["text", before + character];
    default:
      return ["text", unfit.test(character) ? before : before + character];
  }
}

/** Controls, and what turns the direction of writing, so that text would not be read as it was written. */
const unfit = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

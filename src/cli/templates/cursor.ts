import { templateError } from "./template-error.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Walks over the tokens of a template. */
export interface Cursor {
  readonly source: string;
  peek(): Token;
  /** The tokens from here on, at most that many. */
  lookAhead(count: number): readonly Token[];
  /** The token it steps over; at the end it stays. */
  next(): Token;
  /** Steps over the token if it is one of that kind, and of that text where one is given. */
  take(kind: Token["kind"], text?: string): Token | undefined;
  /** Where the last token ended that was stepped over. */
  end(): number;
  /** What to throw for the token it is at. */
  fail(problem: string): Error;
}

/** @throws TsmachineError TEMPLATE_INVALID */
export function openCursor(source: string): Cursor {
  const tokens = tokenize(source);
  const last = tokens[tokens.length - 1];
  if (last === undefined) throw new Error("a template has at least its end");
  let index = 0;
  const peek = () => tokens[index] ?? last;
  const next = () => {
    const token = peek();
    index += 1;
    return token;
  };
  return {
    ...{ source, peek, next },
    lookAhead: (count) => tokens.slice(index, index + count),
    take(kind, text) {
      const token = peek();
      return token.kind === kind && (text === undefined || token.text === text)
        ? next()
        : undefined;
    },
    end: () => tokens[index - 1]?.end ?? 0,
    fail: (problem) => templateError(source, peek().start, problem),
  };
}

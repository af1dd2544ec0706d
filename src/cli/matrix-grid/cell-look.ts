import { outcomes } from "../../matrix/report/outcome.ts";
import type { ShownCell } from "./board.ts";
import type { Tone } from "./paint.ts";

/** How a cell looks: by its sign alone where room is scarce. */
export interface CellLook {
  /** One character in one column; those of outcomes are as in reports. */
  readonly sign: string;
  /** In ASCII: "pass", "waiting", "running 12 s". */
  readonly words: string;
  readonly tone: Tone;
}

/** Cells that are under way have the time since they are in that state, besides what they do. */
export function lookOf({ state, forMs }: Pick<ShownCell, "state" | "forMs">): CellLook {
  switch (state.kind) {
    case "waiting":
      return { sign: signs.waiting, words: "waiting", tone: "idle" };
    case "preparing":
    case "booting":
    case "running":
      return {
        sign: signs[state.kind],
        words: `${state.kind} ${clock(forMs)}`,
        tone: "busy",
      };
    case "ended": {
      const { symbol, verdict } = outcomes[state.outcome];
      return { sign: symbol, words: state.outcome, tone: verdict };
    }
  }
}

/** None of them is an outcome's. */
export const signs = { waiting: "-", preparing: "↓", booting: "↑", running: "»" } as const;

/** "12 s", "3:05", "1:03:05": whole seconds, which do not flicker. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = twoDigits(seconds % 60);
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${twoDigits(minutes)}:${rest}`;
}

/** Where core says what it is doing. Whoever calls core decides how that looks. */
export interface Progress {
  /**
   * Runs `action` as a step with this title and gives back its result; its error passes through.
   * Steps may run at the same time. The title is an activity, such as "Creating machine".
   */
  step<T>(title: string, action: (step: Step) => Promise<T>): Promise<T>;
}

/** A step under way; steps taken through it are parts of it. */
export interface Step extends Progress {
  /** One line about what the step does just now; it takes the place of the one before. */
  detail(text: string): void;
  /** What the step came to, in a word or two; shown when it has ended. */
  conclude(text: string): void;
  /** How far a download or copy has come; may be called for every chunk. */
  bytes(transfer: Transfer): void;
}

export interface Transfer {
  /** Bytes here so far, those of an earlier attempt that is resumed included. */
  readonly received: number;
  /** Bytes in all; undefined when the other side did not say. */
  readonly total: number | undefined;
}

/** Shows nothing. */
export const silentProgress: Progress = { step: (_title, action) => action(silentStep) };

/** Of a step that nobody sees. */
export const silentStep: Step = {
  ...silentProgress,
  detail: () => {},
  conclude: () => {},
  bytes: () => {},
};

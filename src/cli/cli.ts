import type { Command } from "commander";
import type { Context } from "../core/context.ts";
import type { Provider } from "../providers/provider.ts";
import type { ProgramName } from "./compat/program-name.ts";
import type { Output } from "./output/output.ts";

/** What the program has of the process it runs in. */
export interface ProcessParts {
  /** The name this program was called by. */
  readonly programName: ProgramName;
  readonly version: string;
  /** Opens standard input, which takes a millisecond that few commands need to spend. */
  openInput(): NodeJS.ReadStream;
  readonly output: Output & {
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
  };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** "json" when the command line has --json: then stdout is for the result alone. */
  readonly answers: "text" | "json";
  readonly signal: AbortSignal;
  /** From now on Ctrl-C is for a program that shares the terminal. */
  leaveInterruptsToProgram(): void;
}

/** The flags that go before a command's name. */
export interface GlobalOptions {
  readonly storagePath: string;
  readonly debug: boolean;
  readonly quiet: boolean;
  readonly nativeSsh: boolean;
  /** Absolute paths, empty where none is given. */
  readonly tlsPaths: TlsPaths;
}

/** PEM files that stand in for those of the store's folder certs. */
export interface TlsPaths {
  readonly ca: string;
  readonly caKey: string;
  readonly certificate: string;
  readonly key: string;
}

/** What a command works with. */
export interface Cli extends ProcessParts {
  readonly globals: GlobalOptions;
  /** All there are; also those of a context. */
  providers(): Promise<readonly Provider[]>;
  /** The text with its commands as the user has to type them. */
  callByName(text: string): string;
  /** The status the process ends with; 0 unless set. */
  endWith(status: number): void;
  /** Runs `action` with core at hand and its steps shown on stderr. */
  withContext<T>(action: (context: Context) => Promise<T>, settings?: ContextSettings): Promise<T>;
}

export interface ContextSettings {
  /** Value of --mirror. */
  readonly mirror?: string | undefined;
  /** Whether --allow-expired was given. */
  readonly allowExpired?: boolean | undefined;
  /** "silent" for commands that only read; "shown" unless given. */
  readonly progress?: "shown" | "silent";
}

/** Makes the command with its flags and its action. */
export type CommandFactory = (cli: Cli) => Command | Promise<Command>;

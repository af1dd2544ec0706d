import type { Span } from "./template-error.ts";
import type { GoValue } from "./values.ts";

/** A parsed template. */
export interface Template {
  readonly source: string;
  readonly nodes: readonly Node[];
}

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly pipeline: Pipeline }
  | {
      readonly kind: BlockWord;
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

export type BlockWord = "if" | "range" | "with";

/** `$index, $element := first | second | third` */
export interface Pipeline extends Span {
  /** With their "$". */
  readonly variables: readonly string[];
  readonly commands: readonly Command[];
}

export type Command =
  | { readonly kind: "operand"; readonly operand: Operand }
  | ({
      readonly kind: "call";
      readonly name: string;
      readonly operands: readonly Operand[];
    } & Span);

export type Operand = Span &
  (
    | { readonly kind: "literal"; readonly value: GoValue }
    | { readonly kind: "dot" }
    | { readonly kind: "variable"; readonly name: string }
    | { readonly kind: "pipeline"; readonly pipeline: Pipeline }
    | { readonly kind: "field"; readonly of: Operand; readonly name: string }
    /** A function without operands among the operands of another. */
    | { readonly kind: "call"; readonly name: string }
  );

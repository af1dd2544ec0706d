import type { YAMLError } from "yaml";
import type { Problem } from "./source.ts";

/** What YAML's errors and warnings say, in our words where those of the library are for programmers. */
export function yamlProblem({ code, message }: YAMLError): Problem {
  switch (code) {
    case "DUPLICATE_KEY":
      return {
        what: "the key is there twice",
        hint: "keep one of the two, or make a list of both",
      };
    case "TAB_AS_INDENT":
      return { what: "a line is indented by a tab", hint: "indent by spaces" };
    case "TAG_RESOLVE_FAILED":
      return { what: "tags such as !!int have no meaning here", hint: "remove the tag" };
    default:
      return {
        what: `this is no YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
        hint: 'correct the indentation, or put text with ":", "#" or brackets in quotes',
      };
  }
}

import { expect, test } from "vitest";
import { failureOf } from "../../e2e-kernels/failure.ts";

test.each([
  {
    what: "its error",
    stderr:
      "Starting...\ntsmachine: error: no mirror can be reached [NETWORK]\ntsmachine: hint: wait\n",
    text: "create ended with 4: tsmachine: error: no mirror can be reached [NETWORK]",
  },
  {
    what: "its error, told in JSON",
    stderr: 'Asking...\n{"error":{"code":"ENGINE_UNKNOWN","message":"no engine","hints":[]}}\n',
    text: "create ended with 4: no engine [ENGINE_UNKNOWN]",
  },
  {
    what: "its last line",
    stderr: "sh: tar\nsh: not found\n",
    text: "create ended with 4: sh: not found",
  },
  { what: "nothing, where it printed nothing", stderr: "", text: "create ended with 4: " },
])("a command's failure says $what", ({ stderr, text }) => {
  const error = failureOf("create", { stderr, stdout: "", exitCode: 4 });
  expect(error).toMatchObject({ message: text, cause: stderr });
});

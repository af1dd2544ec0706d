import { describe, expect, it } from "vitest";
import { alignColumns, printTable } from "../../../../src/cli/output/table.ts";
import { recordingOutput } from "../streams.ts";

describe("a table", () => {
  it("has a header in upper case and columns three blanks apart", async () => {
    const output = recordingOutput();
    await printTable(
      output,
      [
        { header: "name", cell: (row) => row.name },
        { header: "state", cell: (row) => row.state },
      ],
      [
        { name: "default", state: "Running" },
        { name: "a-longer-name", state: "Stopped" },
      ],
    );
    expect(output.printed()).toBe(
      ["NAME            STATE", "default         Running", "a-longer-name   Stopped", ""].join(
        "\n",
      ),
    );
  });

  it.each([
    {
      why: "keeps columns at least five wide",
      lines: [["A", "B"]],
      text: "A    B\n",
    },
    {
      why: "leaves no blanks at the end of a line",
      lines: [
        ["NAME", "ERRORS"],
        ["dev", ""],
      ],
      text: "NAME   ERRORS\ndev\n",
    },
    {
      why: "counts wide characters as two columns and joined ones once",
      lines: [
        ["機械", "x"],
        ["éa", "y"],
        ["plain", "z"],
      ],
      text: "機械    x\néa      y\nplain   z\n",
    },
    {
      why: "puts text with line breaks on one line and drops escape sequences",
      lines: [["two\nlines", "\u001b[31mred\u001b[0m\u0007"]],
      text: "two lines   red\n",
    },
    { why: "aligns lines of different lengths", lines: [["a"], ["b", "c"]], text: "a\nb    c\n" },
    { why: "is empty without lines", lines: [], text: "" },
  ])("$why", async ({ lines, text }) => {
    expect(await alignColumns(lines)).toBe(text);
  });
});

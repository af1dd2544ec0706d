import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { onClosedPipe, printJson } from "../../../../src/cli/output/output.ts";
import { recordingOutput } from "../streams.ts";

describe("JSON output", () => {
  it("is indented and ends with a newline", () => {
    const output = recordingOutput();
    printJson(output, { name: "dev", ports: [1] });
    expect(output.printed()).toBe('{\n  "name": "dev",\n  "ports": [\n    1\n  ]\n}\n');
    expect(output.complained()).toBe("");
  });

  it("refuses a value that has no JSON form", () => {
    expect(() => printJson(recordingOutput(), undefined)).toThrow("undefined has no JSON form");
  });
});

describe("a stream whose reader has gone", () => {
  it.each(["EPIPE", "EIO"])("ends the command quietly: %s", (code) => {
    const stream = new PassThrough();
    const end = vi.fn();
    onClosedPipe(stream, end);
    stream.emit("error", Object.assign(new Error(`write ${code}`), { code }));
    expect(end).toHaveBeenCalledOnce();
  });

  it("is not mistaken for another write error", () => {
    const stream = new PassThrough();
    const end = vi.fn();
    onClosedPipe(stream, end);
    const failure = Object.assign(new Error("write ENOSPC"), { code: "ENOSPC" });
    expect(() => stream.emit("error", failure)).toThrow(failure);
    expect(end).not.toHaveBeenCalled();
  });
});

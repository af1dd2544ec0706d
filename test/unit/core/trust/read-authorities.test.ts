import { execFile } from "node:child_process";
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { readAuthorities } from "../../../../src/core/trust/read-authorities.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const authority = await createAuthority({ now: new Date() });

async function fileWith(content: string): Promise<string> {
  const path = join(await temporaryDirectory(), "ca.crt");
  await writeFile(path, content);
  return path;
}

test("authorities are what the files hold, each once; an empty path is none", async () => {
  const path = await fileWith(authority.certificate);
  expect(await readAuthorities(["", path, path])).toBe(authority.certificate);
  expect(await readAuthorities([""])).toBe("");
});

describe("refused with the file's name and the remedy", () => {
  test.each([
    ["a private key", authority.certificate + authority.key, "holds a private key", /openssl x509/],
    ["something else", "hello", "holds no certificate", /PEM or DER/],
    [
      "a damaged one",
      authority.certificate.slice(0, 99),
      "holds a certificate that is damaged",
      /anew/,
    ],
  ])("is a file with %s", async (_, content, problem, hint) => {
    const path = await fileWith(content);
    await expect(readAuthorities([path])).rejects.toMatchObject({
      code: "CERTIFICATE_INVALID",
      message: `${path} ${problem}`,
      hints: [expect.stringMatching(hint)],
    });
  });

  test("is a file that is not there, a folder, and one that is too large", async () => {
    const folder = await temporaryDirectory();
    await mkdir(join(folder, "folder"));
    await writeFile(join(folder, "large"), "x".repeat((1 << 20) + 1));
    await writeFile(join(folder, "huge"), "");
    await truncate(join(folder, "huge"), 3e9);
    for (const [name, reason] of [
      ["missing", "there is no such file"],
      ["folder", "it is a folder"],
      ["large", "it is larger than 1 MiB"],
      ["huge", "it is larger than 1 MiB"],
    ] as const) {
      const path = join(folder, name);
      await expect(readAuthorities([path])).rejects.toMatchObject({
        code: "FILE_UNREADABLE",
        message: `${path} cannot be read: ${reason}`,
      });
    }
  });

  test.skipIf(process.platform === "win32")("is what has no end of its own", async () => {
    const pipe = join(await temporaryDirectory(), "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    for (const path of [pipe, "/dev/zero"]) {
      await expect(readAuthorities([path])).rejects.toMatchObject({
        code: "FILE_UNREADABLE",
        message: `${path} cannot be read: it is no regular file`,
      });
    }
  });
});

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readAptSources } from "../../../../src/iso/debian/mirrors/apt-sources.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

async function aptWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "sources.list.d"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

describe("readAptSources", () => {
  const lists: [title: string, line: string, uris: string[]][] = [
    ["an entry", "deb http://mirror.example/debian trixie main", ["http://mirror.example/debian"]],
    [
      "an entry with options and a slash at the end",
      "deb [ arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg ] https://mirror.example/debian/ trixie main contrib # near",
      ["https://mirror.example/debian"],
    ],
    [
      "a mirror in a deeper folder",
      "deb http://a.example/pub/debian sid main",
      ["http://a.example/pub/debian"],
    ],
    ["no comment", "# deb http://mirror.example/debian trixie main", []],
    ["no sources", "deb-src http://mirror.example/debian trixie main", []],
    ["no security archive", "deb http://s.example/debian-security trixie-security main", []],
    ["no security suite", "deb http://s.example/debian trixie-security main", []],
    ["no Ubuntu", "deb http://mirror.example/ubuntu noble main", []],
    ["no Docker", "deb https://download.example/linux/debian bookworm stable", []],
    ["no flat repository", "deb https://cuda.example/debian ./", []],
    [
      "no vendor with a key of its own",
      "deb [signed-by=/usr/share/keyrings/raspberrypi-archive-keyring.gpg] http://pi.example/debian trixie main",
      [],
    ],
    ["no CD-ROM", "deb cdrom:[Debian 13]/debian trixie main", []],
    ["no address with a password", "deb http://me:secret@mirror.example/debian trixie main", []],
    ["no password alone", "deb http://:secret@mirror.example/debian trixie main", []],
    ["no address with a query", "deb http://mirror.example/debian?token=1 trixie main", []],
    ["no port out of range", "deb http://mirror.example:99999/debian trixie main", []],
  ];
  test.each(lists)("takes from a list %s", async (_, line, uris) => {
    const directory = await aptWith({ "sources.list": `${line}\n` });
    expect((await readAptSources(directory)).uris).toEqual(uris);
  });

  const debian =
    "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\n";
  const paragraphs: [title: string, text: string, uris: string[]][] = [
    ["an entry", debian, ["http://mirror.example/debian"]],
    [
      "several addresses, types and suites over several lines",
      "# installer\nTypes: deb deb-src\nURIs:\n http://a.example/debian\n http://b.example/debian/\nSuites: trixie\n trixie-updates\nComponents: main non-free-firmware\nSigned-By: /usr/share/keyrings/debian-archive-keyring.pgp\n",
      ["http://a.example/debian", "http://b.example/debian"],
    ],
    ["nothing disabled", `${debian}Enabled: no\n`, []],
    ["no sources", debian.replace("deb", "deb-src"), []],
    [
      "no other vendor",
      `Types: deb\nURIs: https://node.example/node_20.x\nSuites: nodistro\nComponents: main\n\n${debian}`,
      ["http://mirror.example/debian"],
    ],
    [
      "no foreign key inside",
      `${debian}Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n`,
      [],
    ],
  ];
  test.each(paragraphs)("takes from deb822 text %s", async (_, text, uris) => {
    const directory = await aptWith({ "sources.list.d/debian.sources": text });
    expect((await readAptSources(directory)).uris).toEqual(uris);
  });

  const securitySources: [title: string, line: string, uris: string[]][] = [
    [
      "the security archive",
      "deb http://s.example/debian-security/ trixie-security main",
      ["http://s.example/debian-security"],
    ],
    ["no other suite", "deb http://s.example/debian-security trixie main", []],
    ["no other vendor's", "deb http://security.example/ubuntu noble-security main", []],
    ["no archive of all", "deb http://s.example/debian trixie-security main", []],
  ];
  test.each(securitySources)("takes for security %s", async (_, line, uris) => {
    const directory = await aptWith({ "sources.list": `${line}\n` });
    expect((await readAptSources(directory)).securityUris).toEqual(uris);
  });

  test("reads the files in apt's order, each mirror once, and no other files", async () => {
    const line = (host: string) => `deb http://${host}.example/debian trixie main\n`;
    const directory = await aptWith({
      "sources.list": line("first"),
      "sources.list.d/b.list": `${line("first")}${line("third")}`,
      "sources.list.d/a.list": line("second"),
      "sources.list.d/c.list.disabled": line("never"),
    });
    expect((await readAptSources(directory)).uris).toEqual([
      "http://first.example/debian",
      "http://second.example/debian",
      "http://third.example/debian",
    ]);
  });

  test("finds nothing on a host without apt", async () => {
    expect(await readAptSources(join(await temporaryDirectory(), "apt"))).toEqual({
      uris: [],
      securityUris: [],
    });
  });
});

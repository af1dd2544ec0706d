import { describe, test, vi } from "vitest";
import { editBundle, forged, rewritten } from "../../../support/bundle/members.ts";
import {
  type Edit,
  expectRefusal,
  flipped,
  worldWithBundle,
} from "../../../support/bundle/tampering.ts";
import { clearSign, generateArchiveKey, hoursAgo } from "../../../support/debian/repository.ts";

vi.setConfig({ testTimeout: 60_000 });

const inRelease = "debian/dists/trixie/InRelease";

/** Whoever forges a bundle makes its manifest fit. */
describe("a bundle whose manifest fits is refused with", () => {
  const forgeries: readonly (readonly [forgery: string, reason: RegExp, edit: Edit])[] = [
    [
      "a changed InRelease",
      /no valid signature/,
      (all) =>
        forged(all, "InRelease", (text) => replaced(text, "Origin: Debian", "Origin: Dabian")),
    ],
    [
      "text around what is signed",
      /not one signed text/,
      (all) => forged(all, "InRelease", (text) => Buffer.concat([text, Buffer.from("more\n")])),
    ],
    ["a changed package index", /expected SHA-256/, (all) => forged(all, "by-hash", flipped)],
    [
      "a changed package",
      /is not what its packages come to/,
      (all) => forged(all, "docker.io", flipped),
    ],
    [
      "a package index at another path",
      /there is no file/,
      (all) =>
        rewritten(all, (json) => json.replace("by-hash/SHA256/", "by-hash/SHA512/")).map(
          (member) =>
            member.header.name.includes("by-hash")
              ? {
                  ...member,
                  header: {
                    ...member.header,
                    name: member.header.name.replace("SHA256", "SHA512"),
                  },
                }
              : member,
        ),
    ],
    [
      "another version in a lock",
      /is not what its packages come to/,
      (all) => rewritten(all, (json) => json.replace('"version": "1.37"', '"version": "1.38"')),
    ],
    [
      "another wish",
      /no kernel "9.9" is offered/,
      (all) =>
        rewritten(all, (json) =>
          json.replace('"kind": "default"', '"kind": "choice", "text": "9.9"'),
        ),
    ],
    [
      "a suite that it does not have",
      /has no suite trixie-security/,
      (all) => rewritten(all, (json) => json.replace(/"suites": \[/, '$&"trixie-security", ')),
    ],
    [
      "a later date in a lock",
      /is not what its packages come to/,
      (all) =>
        rewritten(all, (json) => json.replace('"date": "2026-11-20T10', '"date": "2026-11-20T11')),
    ],
    [
      "the templates of another version, and a package that Debian did not sign for",
      /another version of tsmachine has made it/,
      (all) =>
        rewritten(forged(all, "docker.io", flipped), (json) =>
          json.replaceAll(/"templates": "[0-9a-f]+"/g, '"templates": "0"'),
        ),
    ],
    [
      "a listed path that leads out",
      /bundle\.json: .*(is no path of a mirror|leads elsewhere)/s,
      (all) =>
        rewritten(all, (json) =>
          json.replace(/"path": "debian\/dists/, '"path": "debian/dists/../..'),
        ),
    ],
    [
      "a listed file that nothing needs",
      /nothing needs debian\/pool\/more\.deb/,
      (all) =>
        rewritten(all, (json) =>
          json.replace(
            /"files": \[/,
            `$&{"path":"debian/pool/more.deb","size":4,"sha256":"${"0".repeat(64)}"},`,
          ),
        ),
    ],
    [
      "a lock whose package is not there",
      /it lacks debian\/pool/,
      (all) => rewritten(all, (json) => json.replace("isolinux_6.04_amd64.deb", "iso_amd64.deb")),
    ],
    [
      "a version of bundles that is yet to come",
      /bundleVersion/,
      (all) => rewritten(all, (json) => json.replace('"bundleVersion": 1', '"bundleVersion": 2')),
    ],
  ];
  test.each(forgeries)("%s", async (_, reason, edit) => {
    const world = await worldWithBundle();
    await editBundle(world.path, edit);
    await expectRefusal(world, reason);
  });

  test("another key's signature", async () => {
    const world = await worldWithBundle();
    const text = Buffer.from(world.server.files.get(inRelease) ?? "").toString();
    const [, release = ""] = /\n\n(.*)-----BEGIN PGP SIG/s.exec(text) ?? [];
    const signed = await clearSign(release, await generateArchiveKey(), hoursAgo(2));
    await editBundle(world.path, (all) => forged(all, "InRelease", () => Buffer.from(signed)));
    await expectRefusal(world, /no valid signature of a known key/);
  });
});

function replaced(content: Buffer, from: string, to: string): Buffer {
  return Buffer.from(content.toString().replace(from, to));
}

import fc from "fast-check";

/** Pairs of versions and their order; dpkg agrees with every one (an integration test asks it). */
export const versionPairs: readonly [a: string, order: "<" | "=" | ">", b: string][] = [
  ["1.0", "=", "1.0"],
  ["1.0", "=", "0:1.0"],
  ["1.0", "=", "1.0-0"],
  ["1.0", "=", "1.00"],
  ["1.0", "<", "1.0.0"],
  ["1.2", "<", "1.10"],
  ["9.9", "<", "1:0.1"],
  ["1:1.0", "<", "2:0.1"],
  ["1.0~rc1", "<", "1.0"],
  ["1.0~~", "<", "1.0~"],
  ["1.0~~a", "<", "1.0~"],
  ["1.0~", "<", "1.0"],
  ["1.0", "<", "1.0a"],
  ["1.0a", "<", "1.0+"],
  ["1.0+", "<", "1.0."],
  ["1.0Z", "<", "1.0a"],
  ["1.0-1", "<", "1.0-1+b1"],
  ["1.0-1~deb13u1", "<", "1.0-1"],
  ["1.0-1", "<", "1.0-1.1"],
  ["1.0-2", "<", "1.0-10"],
  ["1.0-1-1", ">", "1.0-1"],
  ["26.1.5+dfsg1-9+b11", ">", "26.1.5+dfsg1-9"],
  ["6.12.90-1", ">", "6.12.9-2"],
  ["20260101123456789012345", ">", "20260101123456789012344"],
];

const part = fc.stringMatching(/^[0-9][0-9a-zA-Z.+~]{0,8}$/);

export const versionArbitrary = fc
  .tuple(
    fc.option(fc.nat(3), { nil: undefined }),
    part,
    fc.option(fc.stringMatching(/^[0-9a-zA-Z.+~]{1,6}$/), { nil: undefined }),
  )
  .map(
    ([epoch, upstream, revision]) =>
      `${epoch === undefined ? "" : `${epoch}:`}${upstream}${revision === undefined ? "" : `-${revision}`}`,
  );

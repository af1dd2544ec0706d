import { expect, test } from "vitest";
import * as z from "zod";
import { matrixJsonSchema } from "../../../../src/matrix/definition/json-schema.ts";
import { keyDescriptions } from "../../../../src/matrix/definition/schema/key-descriptions.ts";

const subschema = z.looseObject({
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

/** Every property of a schema at any depth, with the names that lead to it. */
function propertiesIn(schema: unknown, path = ""): readonly (readonly [string, unknown])[] {
  const { data } = subschema.safeParse(schema);
  if (data === undefined) return [];
  const { properties = {}, items, additionalProperties, anyOf = [] } = data;
  return [
    ...Object.entries(properties).flatMap(([name, property]) => {
      const at = path === "" ? name : `${path}.${name}`;
      return [[at, property] as const, ...propertiesIn(property, at)];
    }),
    ...[items, additionalProperties, ...anyOf].flatMap((inner) => propertiesIn(inner, path)),
  ];
}

test("the published schema describes every key, and has all of them", () => {
  const properties = propertiesIn(matrixJsonSchema());
  for (const [path, property] of properties) {
    expect(subschema.parse(property).description, path).toMatch(/./);
  }
  const names = new Set(properties.map(([path]) => path.split(".").at(-1)));
  expect([...names].sort()).toEqual(Object.keys(keyDescriptions).sort());
});

test("the published schema is of draft 2020-12, refuses unknown keys, and is the same each time", () => {
  const schema = matrixJsonSchema();
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    additionalProperties: false,
    required: ["kernel", "engine", "workloads"],
  });
  expect(JSON.stringify(schema)).toBe(JSON.stringify(matrixJsonSchema()));
});

test("an editor may read versions, sizes and time limits as numbers", () => {
  const properties = new Map(propertiesIn(matrixJsonSchema()));
  const typesOf = (path: string) => JSON.stringify(properties.get(path));
  expect(typesOf("kernel")).toContain('"type":["string","number"]');
  expect(typesOf("memory")).toContain('"type":["string","integer"]');
  expect(typesOf("workloads.timeout")).toContain('"type":["string","integer"]');
});

import { describe, expect, test } from "vitest";
import { parseTemplate } from "../../../../src/cli/templates/parse-template.ts";
import { renderTemplate } from "../../../../src/cli/templates/render-template.ts";
import { type GoValue, structType } from "../../../../src/cli/templates/values.ts";

/** What Go's encoding/json makes of a machine: maps all the way down. */
const map = {
  Name: "dev",
  Empty: "",
  Port: 2376,
  On: true,
  Nothing: null,
  Markup: "<a & b>",
  Driver: { SSHUser: "docker", IPAddress: "192.0.2.7", Deep: { er: "value" } },
  Labels: ["spam=eggs", "b=c"],
  None: [],
};

const struct = { [structType]: "commands.HostListItem", Name: "dev", Active: false, Labels: ["a"] };

function render(template: string, value: GoValue = map): string {
  return renderTemplate(parseTemplate(template), value);
}

describe("a template", () => {
  test.each([
    ["plain text", "plain text"],
    ["{{.Name}}", "dev"],
    ["{{ .Name }}: {{.Driver.SSHUser}}@{{.Driver.IPAddress}}", "dev: docker@192.0.2.7"],
    ["{{.Driver.Deep.er}}", "value"],
    ["{{.Port}} {{.On}}", "2376 true"],
    ["{{.Labels}}", "[spam=eggs b=c]"],
    ["{{.Driver}}", "map[Deep:map[er:value] IPAddress:192.0.2.7 SSHUser:docker]"],
    ["{{.Missing}} {{.Missing.Field}} {{.Nothing}}", "<no value> <no value> <no value>"],
    [
      '{{"a \\"quoted\\" text"}} {{`raw \\n`}} {{12}} {{-1.5}} {{true}}',
      'a "quoted" text raw \\n 12 -1.5 true',
    ],
    ["{{(index .Labels 0)}} {{(.Driver).SSHUser}}", "spam=eggs docker"],
    ["{{/* a comment */}}x{{- /* trimmed */ -}} y", "xy"],
    ["a {{- .Name -}} b", "adevb"],
    ["a\n  {{- .Name}} \n {{.Name -}}\n b", "adev \n devb"],
  ])("makes of %s: %s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

describe("a function", () => {
  test.each([
    ["{{json .Name}} {{json .Port}} {{json .Missing}}", '"dev" 2376 null'],
    ["{{.Labels | json}}", '["spam=eggs","b=c"]'],
    ["{{json .Driver}}", '{"Deep":{"er":"value"},"IPAddress":"192.0.2.7","SSHUser":"docker"}'],
    ["{{json .Markup}}", String.raw`"\u003ca \u0026 b\u003e"`],
    ["{{prettyjson .Driver.Deep}}", '{\n    "er": "value"\n}'],
    ["{{prettyjson .None}}", "[]"],
    ["{{len .Labels}} {{len .Name}} {{len .Driver}}", "2 3 3"],
    ['{{len "ü"}}', "2"],
    ['{{index .Labels 1}} {{index .Driver "Deep" "er"}}', "b=c value"],
    ['{{index .Driver "missing"}}', "<no value>"],
    ['{{eq .Name "dev"}} {{eq .Name "a" "dev"}} {{ne .Port 2376}}', "true true false"],
    ["{{lt .Port 3000}} {{ge .Port 2376}} {{le .Name .Name}} {{gt 1 2}}", "true true true false"],
    ["{{not .On}} {{and .On .Name}} {{or .Empty .Name}} {{or .Empty .None}}", "false dev dev []"],
    [
      '{{printf "%s:%v %d %q %t" .Name .Labels .Port .Name .On}}',
      'dev:[spam=eggs b=c] 2376 "dev" true',
    ],
    ['{{printf "[%-5s|%5s] 100%%" .Name .Name}}', "[dev  |  dev] 100%"],
    ['{{printf "%d %s" .Name}}', "%!d(string=dev) %!s(MISSING)"],
    ['{{printf "%s" .Name .Port}}', "dev%!(EXTRA float64=2376)"],
    ['{{print .Name 1}}{{println "."}}', "dev 1.\n"],
    ['{{.Name | printf "%s-%s" "x" | len}}', "5"],
  ])("makes of %s: %s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

describe("a block", () => {
  test.each([
    ["{{if .On}}on{{else}}off{{end}}", "on"],
    ["{{if .Empty}}a{{else if .None}}b{{else if .Name}}c{{else}}d{{end}}", "c"],
    ["{{if .Missing}}a{{end}}", ""],
    ["{{range .Labels}}<{{.}}>{{end}}", "<spam=eggs><b=c>"],
    ["{{range $i, $label := .Labels}}{{$i}}={{$label}} {{end}}", "0=spam=eggs 1=b=c "],
    ["{{range $label := .Labels}}{{$label}} {{end}}", "spam=eggs b=c "],
    ["{{range $key, $value := .Driver.Deep}}{{$key}}:{{$value}}{{end}}", "er:value"],
    ["{{range .None}}a{{else}}none{{end}}", "none"],
    ["{{range .Labels}}{{$.Name}}{{end}}", "devdev"],
    ['{{range .Labels}}{{if eq . "b=c"}}{{.}}{{end}}{{end}}', "b=c"],
    ["{{with .Driver}}{{.SSHUser}}{{end}}{{with .Empty}}a{{else}}b{{end}}", "dockerb"],
    ["{{$user := .Driver.SSHUser}}{{range .Labels}}{{$user}}{{end}}", "dockerdocker"],
    ["{{with $d := .Driver}}{{$d.SSHUser}}{{end}}", "docker"],
  ])("makes of %s: %s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

test("a struct prints its values in order and is never empty", () => {
  expect(render("{{.}} {{json .}} {{if .}}yes{{end}}", struct)).toBe(
    '{dev false [a]} {"Name":"dev","Active":false,"Labels":["a"]} yes',
  );
});

describe("a template that cannot be parsed is refused with line and column", () => {
  test.each([
    ["{{", ":1:0: unclosed action"],
    ["a\n {{.Name", ":2:1: unclosed action"],
    ["{{.Name}", ':1:7: unexpected "}" in operand'],
    ["{{}}", ":1:2: missing value for command"],
    ["{{.Name |}}", ":1:9: missing value for command"],
    ["{{nope .Name}}", ':1:2: function "nope" not defined'],
    ['{{"open}}', ":1:2: unterminated quoted string"],
    ["{{`open}}", ":1:2: unterminated raw quoted string"],
    ['{{"\\d"}}', ':1:2: bad string literal "\\d"'],
    ["{{$x}}", ':1:2: undefined variable "$x"'],
    ["{{.Name .Port}}", ":1:2: can't give argument to non-function .Name"],
    ["{{.Name | .Port}}", ":1:10: non executable command in pipeline stage 2"],
    ["{{(.Name}}", ":1:2: unclosed left paren"],
    ["{{.Name )}}", ':1:8: unexpected ")" in command'],
    ["{{if .Name}}", ":1:12: unexpected EOF"],
    ["{{if .Name}}{{else}}", ":1:20: unexpected EOF"],
    ["{{if .Name}}{{else}}{{else}}{{end}}", ":1:26: expected end; found {{else}}"],
    ["{{end}}", ":1:5: unexpected {{end}}"],
    ["x{{else}}", ":1:7: unexpected {{else}}"],
    ["{{%}}", ':1:2: unexpected "%" in operand'],
  ])("%s", (template, problem) => {
    expect(() => parseTemplate(template)).toThrow(
      expect.objectContaining({ code: "TEMPLATE_INVALID", message: `template: ${problem}` }),
    );
  });
});

describe("a template that does not fit its value is refused with the place", () => {
  test.each<[string, GoValue, string]>([
    [
      "a {{.Nope}}",
      struct,
      `:1:4: executing "" at <.Nope>: can't evaluate field Nope in type commands.HostListItem`,
    ],
    [
      "{{.Name.First}}",
      map,
      `:1:7: executing "" at <.First>: can't evaluate field First in type string`,
    ],
    [
      "{{.Nothing.First}}",
      map,
      `:1:10: executing "" at <.First>: nil pointer evaluating interface {}.First`,
    ],
    ["{{range .Name}}{{end}}", map, `:1:8: executing "" at <.Name>: range can't iterate over dev`],
    [
      "{{len .Port}}",
      map,
      `:1:2: executing "" at <len .Port>: error calling len: len of type float64`,
    ],
    [
      "{{len .Nothing}}",
      map,
      `:1:2: executing "" at <len .Nothing>: error calling len: len of type nil`,
    ],
    [
      "{{index .Labels 9}}",
      map,
      `:1:2: executing "" at <index .Labels 9>: error calling index: index out of range: 9`,
    ],
    [
      "{{index .Missing 0}}",
      map,
      `:1:2: executing "" at <index .Missing 0>: error calling index: index of untyped nil`,
    ],
    [
      "{{index .Port 0}}",
      map,
      `:1:2: executing "" at <index .Port 0>: error calling index: can't index item of type float64 with float64`,
    ],
    [
      "{{eq .Name .Port}}",
      map,
      `:1:2: executing "" at <eq .Name .Port>: incompatible types for comparison`,
    ],
    [
      "{{eq .Labels .Labels}}",
      map,
      `:1:2: executing "" at <eq .Labels .Labels>: uncomparable type []interface {}`,
    ],
    [
      "{{lt .On .On}}",
      map,
      `:1:2: executing "" at <lt .On .On>: error calling lt: invalid type for comparison`,
    ],
    ["{{json}}", map, `:1:2: executing "" at <json>: wrong number of args for json: want 1 got 0`],
    [
      "{{eq 1}}",
      map,
      `:1:2: executing "" at <eq 1>: wrong number of args for eq: want at least 2 got 1`,
    ],
  ])("%s", (template, value, problem) => {
    expect(() => render(template, value)).toThrow(
      expect.objectContaining({ code: "TEMPLATE_INVALID", message: `template: ${problem}` }),
    );
  });
});

test("names of fields that JavaScript's objects have are no fields", () => {
  expect(render("{{.constructor}} {{.__proto__}} {{.toString}}")).toBe(
    "<no value> <no value> <no value>",
  );
});

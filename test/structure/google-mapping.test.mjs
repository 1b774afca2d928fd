import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import "../../scripts/support/typescript.mjs";

const { hints } = await import("../../src/google-wallet/project/hints.ts");
const { checkGoogleKeys } = await import("../../src/google-wallet/check-google-keys.ts");
const { googleVerticals } = await import("../../src/pass-model/vocabulary.ts");

const document = readFileSync("docs/google-mapping.md", "utf8");
const rows = document
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) => line.split("|").map((cell) => cell.trim()));
const cellOf = (names = []) => names.map((name) => `\`${name}\``).join(", ") || "–";

describe("docs/google-mapping.md", () => {
  it("R021 has a row for each fact, with the semantic tags and field keys that say it, and no other", () => {
    const told = rows.filter((cells) => cells.length === 6).map(([, , tags, keys]) => `${tags} | ${keys}`);
    const facts = Object.values(hints).map(({ tags, keys }) => `${cellOf(tags)} | ${cellOf(keys)}`);
    assert.deepEqual(told.slice(2), facts);
  });

  it("R021 names each kind of pass and each warning of the projection", () => {
    const codes = globSync("src/google-wallet/**/*.ts").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/"((?:google_|unknown_google_|deprecated_google_)\w+)"/g)].map(
        ([, code]) => code,
      ),
    );
    assert.ok(codes.length > 20);
    const missing = [...googleVerticals, ...codes].filter((name) => !document.includes(`\`${name}\``));
    assert.deepEqual(missing, []);
  });

  it("R021 shows examples that a template may hold", () => {
    const examples = [...document.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json).google);
    assert.ok(examples.length > 0);
    for (const google of examples) {
      assert.deepEqual(checkGoogleKeys(google, { style: "storeCard" }), { issues: [], warnings: [] });
    }
  });
});

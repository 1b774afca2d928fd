import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const sources = globSync("src/**/*.{ts,tsx}");

function offenders(files, pattern) {
  return files.filter((file) => pattern.test(readFileSync(file, "utf8")));
}

describe("conventions that no linter knows", () => {
  it("imports zod as a namespace, which bundles a fifth of the named import", () => {
    assert.deepEqual(offenders(sources, /import \{[^}]*\bz\b[^}]*\} from "zod"/), []);
  });

  it("reads no clock below the doors", () => {
    const pure = sources.filter((file) =>
      /^src\/(services|pass-model|pkpass|google-wallet|pages|db|simulators)\//.test(file),
    );
    assert.deepEqual(offenders(pure, /Date\.now\(|new Date\(\)|Temporal\.Now/), []);
  });

  it("keeps every file under 350 lines", () => {
    assert.deepEqual(
      sources.filter((file) => readFileSync(file, "utf8").split("\n").length > 350),
      [],
    );
  });

  it("never calls setEngine, eval or the Function constructor", () => {
    assert.deepEqual(offenders(sources, /\bsetEngine\(|\beval\(|new Function\(/), []);
  });

  it("pins every dependency to one version, and holds one copy of asn1js", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8"));
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    assert.deepEqual(ranges, []);
    const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const copies = Object.keys(lock.packages).filter((path) => path.endsWith("node_modules/asn1js"));
    assert.deepEqual(copies, ["node_modules/asn1js"]);
  });

  it("only ever adds in migrations", () => {
    const migrations = globSync("migrations/**/*.sql");
    assert.ok(migrations.length > 0);
    assert.deepEqual(
      offenders(migrations, /drop\s+table|pragma\s+(foreign_keys|defer_foreign_keys)|on\s+delete\s+cascade/i),
      [],
    );
  });
});

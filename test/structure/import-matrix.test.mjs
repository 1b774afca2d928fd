import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";

/** Each rule of the import matrix must bite: a forbidden import is planted, as value and as type. */

const planted = [
  ["src/routes", "../db/client", "openDatabase", "Database"],
  ["src/routes", "drizzle-orm", "sql", "SQL"],
  ["src/routes", "../pkpass/package", "bundlePasses", "Pack"],
  ["src/services", "../http/problems", "problem", "AppEnv"],
  ["src/services", "hono", "Hono", "Context"],
  ["src/services/passes", "../../routes/passes", "passes", "passes"],
  ["src/services/passes", "../../pages/layout", "Layout", "Layout"],
  ["src/pass-model", "../db/ids", "newId", "IdPrefix"],
  ["src/pass-model", "../services/errors", "ServiceError", "ErrorCode"],
  ["src/pkpass", "../services/errors", "ServiceError", "ErrorCode"],
  ["src/pkpass", "../db/ids", "newId", "IdPrefix"],
  ["src/pkpass", "../context", "buildContext", "BaseContext"],
  ["src/pkpass/doctor", "../../services/errors", "ServiceError", "ErrorCode"],
  ["src/pkpass/doctor", "../../http/user-agent", "takesPkpass", "AppEnv"],
  ["src/google-wallet", "../pkpass/package", "bundlePasses", "Pack"],
  ["src/google-wallet/client", "../../providers/google/driver", "googleWallet", "GoogleWalletOptions"],
  ["src/pages", "../services/errors", "ServiceError", "ErrorCode"],
  ["src/db", "../services/errors", "ServiceError", "ErrorCode"],
  ["src/durable-objects", "../db/ids", "newId", "IdPrefix"],
  ["src/queues", "../db/ids", "newId", "IdPrefix"],
  ["src/providers", "../services/errors", "ServiceError", "ErrorCode"],
  ["src/http", "../routes/passes", "passes", "passes"],
  ["src/http", "../simulators/iphone/iphone", "Iphone", "Iphone"],
  ["src/routes", "../simulators/iphone/iphone", "Iphone", "Iphone"],
  ["src/services/apple", "../../simulators/iphone/iphone", "Iphone", "Iphone"],
  ["src/pkpass", "../simulators/iphone/iphone", "Iphone", "Iphone"],
  ["src/providers", "../simulators/iphone/iphone", "Iphone", "Iphone"],
  ["src/simulators", "../services/errors", "ServiceError", "ErrorCode"],
  ["src/simulators", "../http/user-agent", "takesPkpass", "AppEnv"],
  ["src/simulators/iphone", "../../db/ids", "newId", "IdPrefix"],
  ["src/simulators/iphone", "pkijs", "Certificate", "Certificate"],
];

const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function lint(paths) {
  return spawnSync("npm", ["exec", "--", "oxlint", "--format=unix", ...paths], { encoding: "utf8" });
}

describe("the import matrix", () => {
  it("accepts the house as it stands", () => {
    const { status, stdout } = lint(["src"]);
    assert.equal(status, 0, stdout);
  });

  it("refuses a planted forbidden import of a value and of a type, in every room", () => {
    const files = planted.flatMap(([room, source, value, type], index) => {
      // Rooms that are not furnished yet are made for the test, and removed with it.
      const made = mkdirSync(room, { recursive: true });
      const folder = mkdtempSync(join(room, "planted-"));
      folders.push(made ?? folder);
      // One level deeper than the room, so relative imports get one more step up.
      const from = source.startsWith(".") ? join("..", source) : source;
      const valueFile = join(folder, `value${index}.ts`);
      const typeFile = join(folder, `type${index}.ts`);
      writeFileSync(valueFile, `import { ${value} } from "${from}";\nexport const planted = ${value};\n`);
      writeFileSync(typeFile, `import type { ${type} } from "${from}";\nexport type Planted = ${type};\n`);
      return [valueFile, typeFile];
    });
    const { stdout } = lint(files);
    const unseen = files.filter((file) => !stdout.includes(file) || !/no-restricted-imports/.test(stdout));
    assert.deepEqual(unseen, [], stdout);
  });
});

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const sources = globSync("src/**/*.{ts,tsx}").map((file) => [file, readFileSync(file, "utf8")]);

describe("R229 the audit log is only appended to", () => {
  it("is written by the function that makes an entry, and by no other", () => {
    const writers = sources.filter(([, text]) => /\b(insert|update|delete)\(\s*(schema\.)?auditLog\b/.test(text));
    assert.deepEqual(
      writers.map(([file, text]) => [file, text.match(/\b(insert|update|delete)\(\s*(schema\.)?auditLog\b/g)]),
      [["src/services/audit/record.ts", ["insert(auditLog"]]],
    );
    const raw = sources.filter(([, text]) => /(insert into|update|delete from)\s+["`]?audit_log/i.test(text));
    assert.deepEqual(raw, []);
  });

  it("is erased by the purge of a deleted tenant, and by nothing else", () => {
    const users = sources.filter(([, text]) => /\bauditLog\b/.test(text)).map(([file]) => file);
    const readers = ["src/services/audit/list.ts", "src/services/audit/second-attempt.ts"];
    const others = users.filter((file) => !readers.includes(file) && !file.startsWith("src/db/"));
    assert.deepEqual(others.toSorted(), [
      "src/app.ts",
      "src/routes/audit-log.ts",
      "src/services/audit/record.ts",
      "src/services/tenants/purge.ts",
    ]);
    for (const file of readers) assert.doesNotMatch(readFileSync(file, "utf8"), /\.(insert|update|delete|run)\(/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readWranglerConfig } from "../../scripts/support/wrangler.mjs";
import { publicLimits } from "../../src/services/public-limits.ts";

const config = await readWranglerConfig("wrangler.toml");
const environments = { sandbox: config, production: config.env.production };

describe("R234 the guards of public routes", () => {
  const table = Object.values(publicLimits).map(({ binding, perMinute }) => [binding, perMinute]);

  for (const [name, { ratelimits }] of Object.entries(environments)) {
    it(`are in wrangler.toml what the table says, in ${name}`, () => {
      assert.deepEqual(
        ratelimits.map(({ name: binding, simple }) => [binding, simple.limit]),
        table,
      );
      assert.deepEqual([...new Set(ratelimits.map(({ simple }) => simple.period))], [60]);
    });
  }

  it("count apart from each other, and in each environment", () => {
    const ids = Object.values(environments).flatMap(({ ratelimits }) => ratelimits.map((row) => row.namespace_id));
    assert.equal(new Set(ids).size, 2 * table.length);
  });

  it("say what they count, and why so many", () => {
    for (const { key, why } of Object.values(publicLimits)) {
      assert.match(key, /.{5,}/);
      assert.match(why, /.{30,}[.]$/);
    }
  });
});

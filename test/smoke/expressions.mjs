import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { build } from "esbuild";

/**
 * How long computed fields take. A Worker's clock stands still while it computes, so the same expressions that
 * `test/pass-model/expressions.test.ts` judges are timed here, in Node.
 */

const millisecondsMax = 5;

const bundle = await build({
  stdin: {
    contents: `
      export * from "./src/pass-model/expressions";
      export * from "./test/pass-model/adversarial-expressions";
    `,
    resolveDir: process.cwd(),
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
});
const source = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
const { adversarialExpressions, adversarialFields, adversarialValues, compileExpression, expressionEnvironment } =
  await import(`data:text/javascript;base64,${source}`);

/** Median of five runs, in milliseconds, after two that warm up. */
function median(run) {
  const times = [];
  for (let round = 0; round < 7; round += 1) {
    const startedAt = performance.now();
    run();
    if (round >= 2) times.push(performance.now() - startedAt);
  }
  return times.toSorted((a, b) => a - b)[2];
}

describe("R069 expressions made to do harm", () => {
  const environment = expressionEnvironment(adversarialFields);

  it("are at least twenty", () => assert.ok(adversarialExpressions.length >= 20));

  for (const { name, type, expression } of adversarialExpressions) {
    it(`${name}: over within ${millisecondsMax} ms`, () => {
      const field = { key: "out", type, position: "back", expression };
      const compile = () => compileExpression(environment, field, adversarialFields, "enforced");
      const result = compile();
      const milliseconds = median(result.ok ? () => result.expression.evaluate(adversarialValues) : compile);
      assert.ok(milliseconds <= millisecondsMax, `${milliseconds.toFixed(2)} ms`);
    });
  }
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { globSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** `npm test`: every check there is, in two lanes side by side, and one line at the end that counts them. */

const folder = mkdtempSync(join(tmpdir(), "wepass-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };

/** A check that is right or wrong as a whole. */
const whole = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** The counts that Node's test runner prints at its end. */
function nodeCounts(code, output) {
  const count = (name) => Number(new RegExp(`^ℹ ${name} (\\d+)`, "m").exec(output)?.[1] ?? 0);
  const failed = count("fail") + count("cancelled");
  return { passed: count("pass"), failed: code === 0 ? failed : Math.max(failed, 1), skipped: count("skipped") };
}

const vitestCounts = (report) => (code) => {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
    return {
      passed: numPassedTests,
      failed: code === 0 ? numFailedTests : Math.max(numFailedTests, 1),
      skipped: numPendingTests,
    };
  } catch {
    return whole(code === 0 ? 1 : code);
  }
};

/** In several runs, each in a workerd of its own: one that runs them all becomes ten times slower on the way, as its heap fills. */
const parts = 5;
const vitestRuns = Array.from({ length: parts }, (_, index) => {
  const report = join(folder, `vitest-${index}.json`);
  const args = [
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    `--shard=${index + 1}/${parts}`,
  ];
  const title = `unit and integration tests in workerd, part ${index + 1} of ${parts}`;
  return [title, ["vitest", "run", ...args], vitestCounts(report)];
});

const nodeTest = (...patterns) => ["node", "--test", ...patterns.flatMap((pattern) => globSync(pattern).sort())];

/** Each takes about one core, and as long as the other. */
const lanes = [vitestRuns.slice(0, -1), [...otherChecks(), ...vitestRuns.slice(-1)]];

function otherChecks() {
  return [
    ["generated types are those of wrangler.toml", ["wrangler", "types", "--include-runtime=false", "--check"], whole],
    ["types of src and bench", ["tsc", "-p", "tsconfig.json"], whole],
    ["types of test", ["tsc", "-p", "test/tsconfig.json"], whole],
    ["lint, with types", ["oxlint", "--type-aware"], whole],
    ["format", ["oxfmt", "--check"], whole],
    ["import matrix and conventions", nodeTest("test/structure/*.test.mjs"), nodeCounts],
    ["the production bundle, and pages in Chromium", nodeTest("test/smoke/*.mjs"), nodeCounts],
    ["scripts", nodeTest("test/scripts/*.test.mjs"), nodeCounts],
    ["dry-run deploy of the sandbox", ["wrangler", "deploy", "--dry-run", "--outdir", join(folder, "sandbox")], whole],
    [
      "dry-run deploy of production",
      ["wrangler", "deploy", "--dry-run", "--env", "production", "--outdir", join(folder, "production")],
      whole,
    ],
  ];
}

async function run([command, ...args]) {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", WRANGLER_SEND_METRICS: "false" },
  });
  const ended = new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (status) => resolve(status ?? 1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

async function runLane(checks) {
  for (const [title, command, count] of checks) {
    const startedAt = performance.now();
    const { code, stdout, stderr } = await run(command);
    const counts = count(code, stdout);
    for (const name of Object.keys(total)) total[name] += counts[name];
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? "✔" : "✖"} ${title} (${counts.passed} passed, ${counts.failed} failed, ${seconds} s)`);
    if (code !== 0) console.log(`${stdout}\n${stderr}`);
  }
}

await Promise.all(lanes.map(runLane));

rmSync(folder, { recursive: true, force: true });
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;

import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { main } from "../../scripts/deploy.mjs";
import { withDatabaseIds } from "../../scripts/deploy/database-ids.mjs";
import { EMPTY_ACCOUNT, planDeploy } from "../../scripts/deploy/plan.mjs";
import { publicUrlProblem } from "../../scripts/deploy/public-url.mjs";
import { resourcesOf } from "../../scripts/deploy/resources.mjs";
import { run } from "../../scripts/support/run.mjs";
import { shellQuote } from "../../scripts/support/shell-quote.mjs";
import { readWranglerConfig } from "../../scripts/support/wrangler.mjs";

const ROOT = join(import.meta.dirname, "../..");
const ENVIRONMENTS = ["sandbox", "production"];
const PUBLIC_URL = "https://passes.acme.dev";
const config = await readWranglerConfig(join(ROOT, "wrangler.toml"));
const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), "wepass-deploy-test-"));
  folders.push(folder);
  return folder;
}

function completeAccount(env) {
  const { databases, buckets, queues, secrets } = resourcesOf(config, env);
  return {
    databases: Object.fromEntries(databases.map(({ name, id }) => [name, id])),
    buckets,
    queues,
    secrets,
  };
}

/** A copy of wrangler.toml with an account kept by the fake wrangler; `deploy` runs the real command against it. */
async function newDeployment(seed = {}) {
  const root = await newFolder();
  const accountPath = join(root, "account.json");
  const wranglerToml = join(root, "wrangler.toml");
  await copyFile(join(ROOT, "wrangler.toml"), wranglerToml);
  const readAccount = async () => JSON.parse(await readFile(accountPath, "utf8"));
  const change = async (members) => writeFile(accountPath, JSON.stringify({ ...(await readAccount()), ...members }));
  await writeFile(
    accountPath,
    JSON.stringify({ databases: [], buckets: [], queues: [], secrets: null, calls: [], ...seed }),
  );
  const deploy = async (...argv) => {
    const out = [];
    const errors = [];
    const exitCode = await main(argv, {
      root,
      wrangler: (args) =>
        run(process.execPath, [join(import.meta.dirname, "fake-wrangler.mjs"), ...args], {
          env: { FAKE_ACCOUNT: accountPath },
        }),
      print: (line) => out.push(line),
      printError: (line) => errors.push(line),
    });
    return { exitCode, out: out.join("\n"), errors: errors.join("\n") };
  };
  return { root, wranglerToml, readAccount, change, deploy };
}

describe("the plan", () => {
  for (const env of ENVIRONMENTS) {
    it(`makes every resource of ${env} once, before what needs it`, () => {
      const steps = planDeploy(config, env, EMPTY_ACCOUNT);
      const { databases, buckets, queues } = resourcesOf(config, env);
      const made = steps
        .filter(({ kind }) => kind === "create")
        .map(({ args }) => args.filter((a) => !a.startsWith("-")));
      const names = made.map((words) => words[words.indexOf("create") + 1]);
      assert.deepEqual(names, [...databases.map(({ name }) => name), ...buckets, ...queues]);
      assert.deepEqual(
        steps.map(({ kind }) => kind).filter((kind, index, kinds) => kind !== kinds[index - 1]),
        ["create", "writeDatabaseIds", "create", "migrate", "deploy"],
      );
      assert.deepEqual(
        steps.filter(({ kind }) => kind === "migrate").map(({ args }) => args[3]),
        databases.map(({ binding }) => binding),
      );
      assert.deepEqual(steps.at(-1).secrets, ["MASTER_KEY", "ADMIN_TOKEN"]);
    });

    it(`makes nothing of ${env} on a complete account`, () => {
      const steps = planDeploy(config, env, completeAccount(env));
      assert.deepEqual(
        steps.map(({ kind }) => kind),
        ["migrate", "migrate", "deploy"],
      );
      assert.deepEqual(steps.at(-1).secrets, []);
    });
  }

  it("names nothing of production when sandbox is deployed, whatever the shell's CLOUDFLARE_ENV", () => {
    const production = new Set(Object.keys(completeAccount("production").databases));
    for (const { args } of planDeploy(config, "sandbox", EMPTY_ACCOUNT)) {
      assert.ok(args.includes("--env="), args.join(" "));
      assert.ok(!args.some((arg) => production.has(arg)), args.join(" "));
    }
  });

  it("makes a dead-letter queue, too, and a queue that several consumers name only once", () => {
    const withQueues = {
      queues: {
        producers: [{ queue: "push" }],
        consumers: [
          { queue: "push", dead_letter_queue: "dead" },
          { queue: "mail", dead_letter_queue: "dead" },
        ],
      },
    };
    assert.deepEqual(resourcesOf(withQueues, "sandbox").queues, ["push", "mail", "dead"]);
  });

  it("writes ids again when wrangler.toml names another database than the account", () => {
    const existing = completeAccount("production");
    existing.databases["wepass-data"] = "another";
    const steps = planDeploy(config, "production", existing);
    assert.equal(steps[0].kind, "writeDatabaseIds");
    assert.deepEqual(
      steps[0].databases.map(({ name }) => name),
      ["wepass-data"],
    );
  });

  it("passes --public-url to the Worker", () => {
    const steps = planDeploy(config, "production", EMPTY_ACCOUNT, { publicUrl: PUBLIC_URL });
    assert.deepEqual(steps.at(-1).args, ["deploy", "--var", `PUBLIC_URL:${PUBLIC_URL}`, "--env", "production"]);
  });
});

describe("npm run deploy", () => {
  it("prints the plan without an account and without a network", async () => {
    const folder = await newFolder();
    const guard = join(folder, "no-network.mjs");
    await writeFile(
      guard,
      `import net from "node:net"; net.Socket.prototype.connect = () => { throw new Error("A connection was opened."); };`,
    );
    const { code, stdout, stderr } = await run(
      "npm",
      ["run", "--silent", "deploy", "--", "--env", "production", "--plan"],
      {
        cwd: ROOT,
        env: {
          NODE_OPTIONS: `--import=${pathToFileURL(guard)}`,
          HOME: folder,
          npm_config_update_notifier: "false",
          CLOUDFLARE_API_TOKEN: "",
        },
      },
    );
    assert.equal(code, 0, stderr);
    const commands = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    assert.ok(
      commands.every((line) => line.startsWith("npx wrangler ")),
      stdout,
    );
    for (const { args, kind } of planDeploy(config, "production", EMPTY_ACCOUNT)) {
      const line = `npx wrangler ${shellQuote(args)}${kind === "deploy" ? ' --secrets-file "$SECRETS_FILE"' : ""}`;
      assert.ok(commands.includes(line), line);
    }
    assert.match(stderr, /Without --plan this stops here: PUBLIC_URL/);
  });

  for (const [argv, said] of [
    [["--env", "staging"], /There is no environment "staging"/],
    [["--env", "constructor"], /There is no environment "constructor"/],
    [[], /Say which environment/],
    [["--env"], /--env/],
    [["--prod"], /Unknown option '--prod'/],
    [["--env", "production"], /PUBLIC_URL of production is "https:\/\/wepass\.example\.com"/],
    [["--env", "production", "--public-url", "http://passes.acme.dev"], /--public-url takes an https address/],
    [["--env", "sandbox", "--public-url", "https://passes.acme.dev/path"], /without a path/],
  ]) {
    it(`refuses ${JSON.stringify(argv)} before it asks the account anything`, async () => {
      const { deploy, readAccount } = await newDeployment();
      const { exitCode, errors } = await deploy(...argv);
      assert.equal(exitCode, 1);
      assert.match(errors, said);
      assert.deepEqual((await readAccount()).calls, []);
    });
  }

  it("refuses every PUBLIC_URL of production that is no real https address", () => {
    for (const bad of [undefined, "", "passes.acme.dev", "http://passes.acme.dev", "https://example.com"]) {
      assert.ok(publicUrlProblem("production", bad), String(bad));
    }
    assert.equal(publicUrlProblem("production", PUBLIC_URL), null);
    assert.equal(publicUrlProblem("sandbox", "http://localhost:8787"), null);
  });
});

describe("a deployment", () => {
  const argv = ["--env", "production", "--public-url", PUBLIC_URL];

  it("brings an empty account up: resources, ids, secrets shown once, and none of them in a command line", async () => {
    const { deploy, readAccount, wranglerToml, root } = await newDeployment();
    const before = await readFile(wranglerToml, "utf8");
    const { exitCode, out, errors } = await deploy(...argv);
    assert.equal(exitCode, 0, errors);

    const account = await readAccount();
    assert.deepEqual(
      account.databases.map(({ name }) => name),
      ["wepass-control", "wepass-data"],
    );
    assert.deepEqual(account.buckets, ["wepass-files"]);
    assert.deepEqual(account.queues, resourcesOf(config, "production").queues);

    const { MASTER_KEY, ADMIN_TOKEN } = account.secrets;
    assert.equal(Buffer.from(MASTER_KEY, "base64").length, 32);
    assert.match(ADMIN_TOKEN, /^wpa_[0-9A-Za-z]{43}$/);
    assert.equal(out.split(ADMIN_TOKEN).length, 2);
    assert.equal(out.split(MASTER_KEY).length, 2);
    assert.match(out, /The admin token is shown this once/);
    assert.match(out, /Back up MASTER_KEY now/);
    for (const secret of [MASTER_KEY, ADMIN_TOKEN]) {
      assert.ok(!account.calls.flat().some((arg) => arg.includes(secret)));
    }

    assert.equal(account.secretsFile.mode, 0o600);
    await assert.rejects(stat(account.secretsFile.path), { code: "ENOENT" });
    assert.deepEqual((await readdir(root)).sort(), ["account.json", "wrangler.toml"]);

    const ids = resourcesOf(config, "production").databases.map(({ id }) => id);
    const expected = ids.reduce((text, id, index) => text.replace(id, account.databases[index].uuid), before);
    assert.equal(await readFile(wranglerToml, "utf8"), expected);
  });

  it("makes nothing the second time and leaves wrangler.toml and the secrets as they are", async () => {
    const { deploy, readAccount, change, wranglerToml } = await newDeployment();
    await deploy(...argv);
    const first = await readAccount();
    const toml = await readFile(wranglerToml, "utf8");
    await change({ calls: [] });
    const { exitCode, out } = await deploy(...argv);
    assert.equal(exitCode, 0);
    const second = await readAccount();
    assert.deepEqual(second.secrets, first.secrets);
    assert.equal(await readFile(wranglerToml, "utf8"), toml);
    assert.ok(!second.calls.some((args) => args.includes("create") || args.includes("--secrets-file")));
    assert.doesNotMatch(out, /wpa_|MASTER_KEY/);
    const deploys = second.calls.filter((args) => args[0] === "deploy");
    assert.equal(deploys.length, 1);
  });

  it("adds only the secret that is missing", async () => {
    const { deploy, readAccount } = await newDeployment({ secrets: { MASTER_KEY: "kept" } });
    const { out } = await deploy(...argv);
    const { secrets } = await readAccount();
    assert.equal(secrets.MASTER_KEY, "kept");
    assert.match(secrets.ADMIN_TOKEN, /^wpa_/);
    assert.doesNotMatch(out, /MASTER_KEY/);
  });

  it("goes on where a failed run stopped", async () => {
    const { deploy, readAccount } = await newDeployment({
      databases: [{ name: "wepass-control", uuid: "11111111-2222-4333-8444-555555555555" }],
    });
    assert.equal((await deploy(...argv)).exitCode, 0);
    const { databases, calls } = await readAccount();
    assert.deepEqual(
      databases.map(({ name }) => name),
      ["wepass-control", "wepass-data"],
    );
    assert.equal(
      calls.filter((args) => args[1] === "create").length,
      3 - 1 + (resourcesOf(config, "production").queues.length - 1),
    );
  });

  it("shows new secrets even when wrangler fails after it may have stored them", async () => {
    const { deploy, readAccount } = await newDeployment({ deployFails: true });
    const { exitCode, out, errors } = await deploy(...argv);
    const { secrets, secretsFile } = await readAccount();
    assert.equal(exitCode, 1);
    assert.match(errors, /workers\.dev subdomain/);
    assert.match(errors, /`npx wrangler deploy .*` ended with exit code 1/);
    assert.match(out, /may have stored these new secrets/);
    assert.ok(out.includes(secrets.ADMIN_TOKEN) && out.includes(secrets.MASTER_KEY));
    assert.ok(!errors.includes(secrets.ADMIN_TOKEN));
    await assert.rejects(stat(secretsFile.path), { code: "ENOENT" });
  });

  it("warns that databases older than the Worker need the old MASTER_KEY", async () => {
    const databases = Object.entries(completeAccount("production").databases).map(([name, uuid]) => ({ name, uuid }));
    const { deploy } = await newDeployment({ databases });
    assert.match((await deploy(...argv)).out, /put its key back: npx wrangler secret put MASTER_KEY --env production/);
  });

  for (const [refuses, said] of [
    [
      "In a non-interactive environment, it's necessary to set a CLOUDFLARE_API_TOKEN environment variable",
      /`npx wrangler login`/,
    ],
    ["More than one account available but unable to select one", /CLOUDFLARE_ACCOUNT_ID/],
    ["Please enable R2 through the Cloudflare Dashboard. [code: 10042]", /R2 is not enabled/],
    ["Something new went wrong.", /Something new went wrong\./],
  ]) {
    it(`stops with the command, its exit code and what to do: ${refuses.slice(0, 40)}`, async () => {
      const { deploy, readAccount } = await newDeployment({ refuses });
      const { exitCode, errors } = await deploy(...argv);
      assert.equal(exitCode, 1);
      assert.match(errors, said);
      assert.match(errors, /`npx wrangler d1 list --json --env production` ended with exit code 1/);
      assert.equal((await readAccount()).calls.length, 1);
    });
  }

  it("tells a sandbox whose links point to the laptop how to change that", async () => {
    const { deploy } = await newDeployment();
    assert.match((await deploy("--env", "sandbox")).out, /links still point to http:\/\/localhost:8787/);
  });
});

describe("the ids in wrangler.toml", () => {
  it("keeps comments, line ends and quotes", () => {
    const text = `# database_id = "old"\r\n[[d1_databases]]\r\n  database_id   = 'old' # mine\r\npreview_database_id = "old"\r\n`;
    assert.equal(
      withDatabaseIds(text, [{ name: "data", id: "old" }], { data: "new" }),
      text.replace("= 'old'", "= 'new'"),
    );
  });

  it("refuses a file in which the line is missing or not unique", () => {
    const line = 'database_id = "old"\n';
    for (const text of ["", line + line]) {
      assert.throws(() => withDatabaseIds(text, [{ name: "data", id: "old" }], { data: "new" }), /exactly once/);
    }
  });
});

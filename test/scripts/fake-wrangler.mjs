// Stands in for wrangler 4.124: keeps an account in $FAKE_ACCOUNT (JSON) and answers in wrangler's words.
import { readFileSync, statSync, writeFileSync } from "node:fs";

const args = process.argv.slice(2);
const path = process.env.FAKE_ACCOUNT;
const account = JSON.parse(readFileSync(path, "utf8"));
const words = args.filter((arg) => !arg.startsWith("-"));

const COMMANDS = {
  "d1 list": () => console.log(JSON.stringify(account.databases, null, 2)),
  "d1 create": () => {
    const number = String(account.databases.length + 1).padStart(12, "0");
    account.databases.push({ name: words[2], uuid: `aaaaaaaa-bbbb-4ccc-8ddd-${number}` });
  },
  "d1 migrations": () => console.log("✅ No migrations to apply!"),
  "r2 bucket": () => {
    if (words[2] === "create") return void account.buckets.push(words[3]);
    if (account.buckets.includes(words[3])) return console.log(JSON.stringify({ name: words[3] }));
    fail(
      `A request to the Cloudflare API (/accounts/0/r2/buckets/${words[3]}) failed.\n\n  The specified bucket does not exist. [code: 10006]`,
    );
  },
  "queues info": () => {
    if (account.queues.includes(words[2])) return console.log(`Queue Name: ${words[2]}`);
    fail(`Queue "${words[2]}" does not exist. To create it, run: wrangler queues create ${words[2]}`);
  },
  "queues create": () => void account.queues.push(words[2]),
  "secret list": () => {
    if (account.secrets) return console.log(JSON.stringify(Object.keys(account.secrets).map((name) => ({ name }))));
    fail('Worker "wepass" (env: production) not found.\n\nIf this is a new Worker, run `wrangler deploy` first.');
  },
  deploy: () => {
    const file = args[args.indexOf("--secrets-file") + 1];
    if (args.includes("--secrets-file")) {
      account.secretsFile = { path: file, mode: statSync(file).mode & 0o777 };
      account.secrets = { ...account.secrets, ...JSON.parse(readFileSync(file, "utf8")) };
    }
    if (account.deployFails) fail("You need to register a workers.dev subdomain before publishing to workers.dev");
  },
};

function fail(message) {
  console.error(`\u001B[31m✘ \u001B[41;31m[\u001B[41;97mERROR\u001B[41;31m]\u001B[0m \u001B[1m${message}\u001B[0m`);
  process.exitCode = 1;
}

account.calls.push(args);
if (account.refuses) fail(account.refuses);
else COMMANDS[words[0] === "deploy" ? "deploy" : `${words[0]} ${words[1]}`]();
writeFileSync(path, JSON.stringify(account));

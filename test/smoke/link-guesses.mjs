import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { demoTemplates } from "../../scripts/seed/templates.mjs";
import { createApi } from "../../scripts/start/api.mjs";
import "../../scripts/support/typescript.mjs";
import { newWorkerProcess } from "./support/worker-process.mjs";

/** Guessing of link tokens against a Worker that is a process of its own, which is killed meanwhile: that forgives nothing. */

const folder = mkdtempSync(join(tmpdir(), "wepass-guesses-"));

let worker;
let api;
let token;

before(async () => {
  worker = await newWorkerProcess(folder, {});
  await worker.start();
  const { apiKey } = await worker.admin.ask("POST", "/admin/tenants", { name: "Guesses" });
  api = createApi(worker.url, apiKey.token);
  const [{ template }] = demoTemplates();
  const { id: templateId } = await api.ask("POST", "/v2/templates", template);
  const { links } = await api.ask("POST", "/v2/passes", { templateId, values: { member: "Ada" } });
  token = links.page.split("/").at(-1);
});

after(async () => {
  await worker?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Locally a request may say where it comes from; if it does not, it is this machine. */
async function open(link, address) {
  const headers = address ? { "cf-connecting-ip": address } : {};
  const { status, headers: answered } = await api.send("GET", `/p/${link}/apple`, undefined, headers);
  return { status, retryAfterSeconds: Number(answered.get("retry-after")) };
}

async function guess(times, address) {
  const statuses = [];
  for (let time = 0; time < times; time += 1)
    statuses.push((await open(`${token.slice(0, 8)}${"x".repeat(16)}`, address)).status);
  return statuses;
}

describe("R235 guesses of link tokens", () => {
  it("block the network of who guesses, over the death of the process, and nobody else's", async () => {
    const [guesser, neighbour, other] = ["2001:db8:1:2::3", "2001:db8:1:2:ffff::4", "2001:db8:1:3::3"];
    assert.deepEqual(await guess(20, guesser), Array(20).fill(404));
    await worker.kill();
    await worker.start();
    assert.deepEqual(await guess(80, guesser), [...Array(10).fill(404), ...Array(70).fill(429)]);
    await worker.kill();
    await worker.start();
    for (const address of [guesser, neighbour]) {
      const { status, retryAfterSeconds } = await open(token, address);
      assert.equal(status, 429);
      assert.ok(retryAfterSeconds > 840 && retryAfterSeconds <= 900, String(retryAfterSeconds));
    }
    assert.equal((await open(token, other)).status, 200);
    assert.equal((await open(token)).status, 200);
    const { data } = await api.ask("GET", "/v2/events");
    const found = data.filter(({ type }) => type === "link.guessing");
    assert.deepEqual(
      found.map(({ actor, data: { address, attempts } }) => ({ actor, address, attempts })),
      [{ actor: "system", address: guesser, attempts: 100 }],
    );
  });

  it("count from the address of the connection, too", async () => {
    assert.deepEqual(await guess(31), [...Array(30).fill(404), 429]);
    assert.equal((await open(token)).status, 429);
  });
});

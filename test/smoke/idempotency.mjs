import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { demoTemplates } from "../../scripts/seed/templates.mjs";
import { createApi } from "../../scripts/start/api.mjs";
import "../../scripts/support/typescript.mjs";
import { newWorkerProcess } from "./support/worker-process.mjs";

/**
 * Requests under Idempotency-Keys to a Worker that is a process of its own, which is killed amid them, again and again, and
 * started on what is there. Each is repeated until it is answered; then everything was done exactly once.
 */

const folder = mkdtempSync(join(tmpdir(), "wepass-idempotency-"));
const leaseMs = 30_000;
const killsAfter = [3, 25];

let worker;
let tenant;
let api;
let templateId;
let linked;
let changed;
let requests;

before(async () => {
  worker = await newWorkerProcess(folder, {});
  await worker.start();
  tenant = await worker.admin.ask("POST", "/admin/tenants", { name: "Idempotency" });
  api = createApi(worker.url, tenant.apiKey.token);
  const [{ template }] = demoTemplates();
  ({ id: templateId } = await api.ask("POST", "/v2/templates", template));
  linked = await newPass();
  changed = await Promise.all(Array.from({ length: 30 }, newPass));
  requests = makeRequests(template);
});

after(async () => {
  await worker?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const newPass = () => api.ask("POST", "/v2/passes", { templateId, values: { member: "Ada" } });

/**
 * In turn: those that make something, each for itself, links of one pass, of which each makes one more, and changes, of each of
 * some passes.
 */
function makeRequests(template) {
  const change = ({ id }) => ["PATCH", `/v2/passes/${id}`, { values: { member: "Grace" } }];
  return changed
    .flatMap((pass, index) => [
      change(pass),
      ["POST", "/v2/passes", { templateId, values: { member: `Holder ${index}` } }],
      ["POST", "/v2/api-keys", { name: `Key ${index}`, scopes: ["passes:read"] }],
      ["POST", `/v2/passes/${linked.id}/links`, undefined],
      ...(index % 6 === 5 ? [["POST", "/v2/templates", { ...template, name: `Template ${index}` }]] : []),
    ])
    .map(([method, path, body], index) => ({ method, path, body, key: `request ${index}`, answers: [] }));
}

/** Status and body; null if there is no answer. */
async function send({ method, path, body, key }) {
  try {
    const headers = {
      authorization: `Bearer ${tenant.apiKey.token}`,
      "content-type": "application/json",
      "idempotency-key": key,
      connection: "close",
    };
    const answer = await fetch(`${worker.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    const isReplay = answer.headers.get("idempotent-replayed") === "true";
    return { status: answer.status, text, isReplay, retryAfterSeconds: Number(answer.headers.get("retry-after")) };
  } catch {
    return null;
  }
}

const sentEveryMs = 5;

/** Sends one after another, and kills the Worker as soon as so many are done: then some are at every step on their way. */
async function round(pending, doneMax) {
  let done = 0;
  const kills = [];
  await Promise.all(
    pending.map(async (request, index) => {
      await sleep(index * sentEveryMs);
      const answer = kills.length > 0 ? null : await send(request);
      if (!answer) return;
      request.answers.push(answer);
      if (answer.status < 300) done += 1;
      if (done >= doneMax && kills.length === 0) kills.push(worker.kill());
    }),
  );
  await Promise.all(kills);
  await worker.start();
}

const isAnswered = ({ answers }) => answers.some(({ status }) => status < 300);
const pendingOf = (all) => all.filter((request) => !isAnswered(request));

describe("a Worker that is killed amid requests under keys", () => {
  let lastKilledAt;
  /** Passes that others changed before, or after, the change that nobody heard of. */
  const overtaken = new Map();

  it("R217 starts again each time, with some requests answered and some not", async () => {
    for (const doneMax of killsAfter) {
      await round(pendingOf(requests), doneMax);
      lastKilledAt = Date.now();
    }
    const statuses = new Set(requests.flatMap(({ answers }) => answers.map(({ status }) => status)));
    for (const status of statuses) assert.ok([200, 201, 409].includes(status), `${status}`);
    const unheard = pendingOf(requests).length;
    assert.ok(unheard > 0 && unheard < requests.length, `${unheard} of ${requests.length} were not answered`);
  });

  it("R217 lets others go on, whether they come before or after what nobody heard of", async () => {
    for (const { path } of pendingOf(requests).filter(({ method }) => method === "PATCH")) {
      const { id, version } = await api.ask("GET", path);
      overtaken.set(id, version === 1 ? "before" : "after");
      await api.ask("PATCH", path, { values: { member: "Alan" } });
    }
  });

  it("R217 answers each repeat in the end, when the leases of the dead are over", async () => {
    const unheard = pendingOf(requests);
    const waiting = (await Promise.all(unheard.map(send))).filter(({ status }) => status === 409);
    for (const { text, retryAfterSeconds } of waiting) {
      assert.equal(JSON.parse(text).code, "idempotency_in_progress");
      assert.ok(retryAfterSeconds >= 1 && retryAfterSeconds <= 30, `${retryAfterSeconds}`);
    }
    if (waiting.length > 0) await sleep(Math.max(0, lastKilledAt + leaseMs - Date.now()));
    await Promise.all(
      unheard.map(async (request) => {
        const answer = await send(request);
        assert.ok(answer.status < 300, answer.text);
        request.answers.push(answer);
      }),
    );
  });

  it("R217 has done everything exactly once, and replays it", async () => {
    const answered = await Promise.all(
      requests.map(async (request) => {
        const replay = await send(request);
        const { status, text } = request.answers.findLast((answer) => answer.status < 300);
        assert.deepEqual(replay, { ...replay, status, text, isReplay: true });
        return { path: request.path, body: JSON.parse(text) };
      }),
    );
    const idsOf = (path) =>
      answered
        .filter((one) => one.path === path)
        .map(({ body }) => body.id)
        .toSorted();
    const madeBefore = {
      "/v2/passes": [linked, ...changed].map(({ id }) => id),
      "/v2/templates": [templateId],
      "/v2/api-keys": [tenant.apiKey.id],
    };
    for (const [path, others] of Object.entries(madeBefore)) {
      const there = (await listAll(path)).map(({ id }) => id);
      assert.deepEqual(there.toSorted(), [...idsOf(path), ...others].toSorted(), path);
    }
    // Tokens are those of the keys that are there.
    for (const { body } of answered.filter(({ path }) => path === "/v2/api-keys")) {
      const { status } = await fetch(`${worker.url}/v2/passes?limit=1`, {
        headers: { authorization: `Bearer ${body.token}` },
      });
      assert.equal(status, 200);
    }
    const links = (await api.ask("GET", `/v2/passes/${linked.id}/links`)).data;
    const made = requests.filter(({ path }) => path.endsWith("/links"));
    assert.equal(links.length, made.length + 1);
    const events = (await listAll("/v2/events")).filter(({ type }) => type === "pass.created");
    assert.equal(events.length, idsOf("/v2/passes").length + changed.length + 1);
  });

  it("R217 has not applied a change again over what others did since", async () => {
    for (const { id } of changed) {
      const { version, values } = await api.ask("GET", `/v2/passes/${id}`);
      const since = overtaken.get(id);
      const expected = { undefined: [2, "Grace"], before: [3, "Grace"], after: [3, "Alan"] }[since];
      assert.deepEqual([version, values.member], expected, `${id} ${since}`);
    }
  });
});

async function listAll(path) {
  const all = [];
  for (let after = ""; ;) {
    const page = await api.ask("GET", `${path}?limit=100${after}`);
    all.push(...page.data);
    if (!page.hasMore) return all;
    after = `&startingAfter=${page.data.at(-1).id}`;
  }
}

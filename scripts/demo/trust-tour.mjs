import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 200;
const PATIENCE_MS = 10_000;

/** What makes an API safe to build on: a repeat that does nothing twice, limits that say what is left, and who did what. */
export async function trustTour(api, narrator, { template, pass: content }) {
  const { step, say, call, holds } = narrator;

  step("Send a request twice, as if its first answer were lost");
  const { body: made } = await call(api, ["POST", "/v2/templates", template], 201);
  const issue = { templateId: made.id, values: content.values };
  const once = { "idempotency-key": crypto.randomUUID() };
  const first = await call(api, ["POST", "/v2/passes", issue, once], 201);
  const again = await call(api, ["POST", "/v2/passes", issue, once], 201);
  const replayed = again.headers.get("idempotent-replayed") === "true";
  holds(replayed && again.body.id === first.body.id, `one pass was issued, ${first.body.id}, and answered twice`);
  const { body: refusal } = await call(api, ["POST", "/v2/passes", { ...issue, values: {} }, once], 422);
  holds(refusal.code === "idempotency_key_reused", "the key is of no use for another request");

  step("See what is left of the limits");
  const limits = Object.fromEntries(["RateLimit-Policy", "RateLimit"].map((name) => [name, again.headers.get(name)]));
  for (const [name, value] of Object.entries(limits)) say(`${name}: ${value}`);
  holds(/^"burst";q=\d+;w=60/.test(limits["RateLimit-Policy"]), "each answer says it");

  step("Find out who did it");
  const requestId = first.headers.get("x-request-id");
  const { body: audit } = await call(api, ["GET", `/v2/audit-log?objectId=${first.body.id}`], 200);
  for (const { action, actor, createdAt } of audit.data) say(`${createdAt} ${actor} ${action}`);
  const [entry] = audit.data;
  holds(audit.data.length === 1 && entry.requestId === requestId, "the audit log has one entry, of the first request");
  const logged = await untilLogged(api, narrator, requestId);
  say(`${logged.method} ${logged.route} ${logged.status} ${logged.durationMs} ms`);
  holds(logged.status === 201, "and the request log has that request");

  step("Tidy up");
  await call(api, ["DELETE", `/v2/passes/${first.body.id}`], 200);
  await call(api, ["DELETE", `/v2/templates/${made.id}`], 204);
}

/** Requests are logged a moment after their answer. */
async function untilLogged(api, { fail }, requestId) {
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    const { data } = await api.ask("GET", "/v2/request-logs");
    const found = data.find(({ id }) => id === requestId);
    if (found) return found;
    await sleep(PAUSE_MS);
  }
  return fail("the request was not logged in time");
}

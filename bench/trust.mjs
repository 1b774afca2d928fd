import { designs } from "./designs.ts";
import { load, send } from "./http-client.mjs";
import { ratio, runRounds } from "./rounds.mjs";
import { makeTenant } from "./serving.mjs";

/** Of what a request is worth without it. */
const goals = { read: 0.7, issue: 0.7, keyed: 0.5, repeat: 1.5 };

/**
 * What trust costs: the same routes of the real Worker with and without API key, limit and Idempotency-Key, side by side. Both
 * Workers have the same databases.
 */
export async function measureTrust({ appUrl, bareUrl, adminToken, images, seconds, rounds }) {
  const { design, values } = designs.card;
  const { token, tenantId, templateId } = await makeTenant(appUrl, adminToken, design, images);
  const bare = { headers: { "x-bench-tenant": tenantId } };
  let turn = 0;
  const issue = () => ({
    method: "POST",
    path: "/v2/passes",
    body: { templateId, values: values((turn += 1)) },
    status: 201,
  });
  const issueUnderKey = () => ({ ...issue(), token, headers: { "idempotency-key": `bench-${turn}` } });
  const path = `/v2/passes/${JSON.parse(await send(appUrl, { ...issue(), token })).id}`;
  const repeated = issueUnderKey();
  await send(appUrl, repeated);

  const rates = await runRounds(
    {
      read: () => load(appUrl, seconds, () => ({ path, token })),
      readBare: () => load(bareUrl, seconds, () => ({ path, ...bare })),
      issue: () => load(appUrl, seconds, () => ({ ...issue(), token })),
      issueUnderKey: () => load(appUrl, seconds, issueUnderKey),
      issueBare: () => load(bareUrl, seconds, () => ({ ...issue(), ...bare })),
      repeat: () => load(appUrl, seconds, () => repeated),
    },
    rounds,
  );
  return [
    {
      name: "GET /v2/passes/{id}, with key and limit / without",
      ...ratio(rates, "read", "readBare"),
      goal: goals.read,
    },
    { name: "POST /v2/passes, with key and limit / without", ...ratio(rates, "issue", "issueBare"), goal: goals.issue },
    {
      name: "POST /v2/passes, with key, limit and Idempotency-Key / without",
      ...ratio(rates, "issueUnderKey", "issueBare"),
      goal: goals.keyed,
    },
    {
      name: "POST /v2/passes, a repeat under its key / without",
      ...ratio(rates, "repeat", "issueBare"),
      goal: goals.repeat,
    },
  ];
}

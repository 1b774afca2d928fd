import { designs } from "./designs.ts";
import { load, send, sendJson } from "./http-client.mjs";
import { timed } from "./making.mjs";
import { ratio, runRounds } from "./rounds.mjs";
import { makeTenant } from "./serving.mjs";

const goal = 0.7;

/** Verifying Google's callbacks: against two bare ECDSA P-256 verifications in the same workerd. */
export async function measureVerifying({ benchUrl, seconds, rounds }) {
  const rates = await runRounds(
    {
      bare: await timed(benchUrl, "callback/bare", seconds),
      verify: await timed(benchUrl, "callback/verify", seconds),
    },
    rounds,
  );
  return [{ name: "verify a callback / two bare ECDSA P-256 verifications", ...ratio(rates, "verify", "bare"), goal }];
}

const tenantCount = 6;
const passesPerTenant = 10;

/** More a second than any machine takes. */
const callbacksPerSecond = 8000;

/** Receiving them: the real Worker, which counts each, against an empty Hono route and one with a single D1 statement. */
export async function measureCallbacks({ benchUrl, appUrl, adminToken, images, seconds, rounds }) {
  const tenants = [];
  for (let index = 0; index < tenantCount; index += 1) tenants.push(await makeReceiver({ appUrl, adminToken, images }));
  const waiting = [];
  const sign = async (count) => {
    const share = Math.ceil(count / tenantCount);
    const signed = [];
    for (const { path, issuerId, names } of tenants) {
      const body = { issuerId, names: Array.from({ length: share }, (_, index) => names[index % names.length]) };
      const texts = await sendJson(benchUrl, { method: "POST", path: "/callbacks/sign", body });
      signed.push(texts.map((text) => ({ method: "POST", path, text })));
    }
    for (let index = 0; index < share; index += 1) waiting.push(...signed.map((ofTenant) => ofTenant[index]));
  };
  await sign(tenantCount);
  while (waiting.length > 0) await send(appUrl, waiting.pop());

  const rates = await runRounds(
    {
      empty: () => load(benchUrl, seconds, () => ({ path: "/empty" })),
      d1: () => load(benchUrl, seconds, () => ({ path: "/d1/1" })),
      async receive() {
        await sign(Math.max(0, callbacksPerSecond * seconds - waiting.length));
        return load(appUrl, seconds, () => waiting.shift());
      },
    },
    rounds,
  );
  const path = "POST /api/{tenantId}/passes/google";
  return [
    { name: `${path} / GET, empty route`, ...ratio(rates, "receive", "empty") },
    { name: `${path} / GET, one D1 statement`, ...ratio(rates, "receive", "d1") },
  ];
}

/** A tenant with passes, and its issuer of the sandbox. */
async function makeReceiver({ appUrl, adminToken, images }) {
  const { design, values } = designs.card;
  const { token, tenantId, templateId } = await makeTenant(appUrl, adminToken, design, images);
  const { issuerId } = await sendJson(appUrl, { path: "/v2/google/account", token });
  const names = [];
  for (let index = 0; index < passesPerTenant; index += 1) {
    const body = { templateId, values: values(index) };
    names.push((await sendJson(appUrl, { method: "POST", path: "/v2/passes", token, body, status: 201 })).id);
  }
  return { path: `/api/${tenantId}/passes/google`, issuerId, names };
}

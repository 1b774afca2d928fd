import { createApi, refusalOf } from "./api.mjs";
import { StartError } from "./failure.mjs";

const NAME = "WePass demo";

/**
 * A key that works and the tenant it belongs to: the recorded ones; else a new key for the recorded tenant; else one for
 * the demo tenant that an interrupted start left behind; else a new tenant. Answers `{ tenantId, apiKey }`.
 */
export async function ensureTenant(admin, { tenantId, apiKey }) {
  if (apiKey) {
    const answer = await createApi(admin.url, apiKey).send("GET", "/v2/account");
    if (answer.status === 200) return { tenantId: answer.body.id, apiKey };
    if (answer.status !== 401) throw unusable(answer, tenantId);
  }
  const minted = tenantId && (await mintKey(admin, tenantId));
  if (minted) return minted;
  const left = (await admin.ask("GET", "/admin/tenants?limit=100")).data.find(
    ({ name, status }) => name === NAME && status === "active",
  );
  if (left) return mintKey(admin, left.id);
  const made = await admin.ask("POST", "/admin/tenants", { name: NAME, timeZone: "Europe/Berlin" });
  return { tenantId: made.id, apiKey: made.apiKey.token };
}

async function mintKey(admin, tenantId) {
  const answer = await admin.send("POST", `/admin/tenants/${tenantId}/api-keys`, { name: "npm start" });
  if (answer.status === 201) return { tenantId, apiKey: answer.body.token };
  if (answer.status === 404) return null;
  throw unusable(answer, tenantId);
}

function unusable(answer, tenantId) {
  if (answer.body.code !== "tenant_suspended") return new StartError(`${refusalOf(answer)}.`);
  return new StartError(
    `The demo tenant is suspended: reactivate it with PATCH /admin/tenants/${tenantId} and {"status":"active"}, then start again.`,
  );
}

import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { call, newPass, newTenant } from "../support/api";

const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";

it("R069 signs nothing under a certificate that has expired, and says so", async () => {
  const tenant = await newTenant();
  const pass = await newPass(tenant);
  const page = new URL(pass.links.page).pathname;
  const headers = { "user-agent": safari };
  const before = await call("GET", page, { headers });
  expect(before.headers.get("content-type")).toBe("application/vnd.apple.pkpass");

  await env.DATA_DB.prepare("update apple_identities set not_after = ? where tenant_id = ?")
    .bind(Date.now() - 1, tenant.id)
    .run();

  const refused = await tenant.get(`/v2/passes/${pass.id}/pkpass`);
  expect([refused.status, refused.body.code]).toEqual([409, "apple_not_configured"]);
  expect(refused.body.detail).toMatch(/expired at .* import its renewal/);
  const { body } = await tenant.get(`/v2/passes/${pass.id}`);
  expect(body.warnings.map(({ code }: { code: string }) => code)).toContain("certificate_expired");
  // The phone shows the page instead of a file that Wallet would not open.
  const after = await call("GET", page, { headers });
  expect([after.status, after.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
});

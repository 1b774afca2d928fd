import { env } from "cloudflare:workers";
import { it } from "vitest";
import { newPass, newTemplate, newTenant } from "../support/api";
import { heldPass, fetchPass, newDevice } from "../support/device";
it("plan", async () => {
  const tenant = await newTenant();
  const templateId = await newTemplate(tenant);
  const pass = await newPass(tenant, { templateId, customer: { id: "m1" } });
  for (let i = 0; i < 5; i++) await newPass(tenant, { templateId, customer: { id: "m" + i } });
  const held = await heldPass(tenant, pass.id);
  const lines: string[] = [];
  const DATA_DB = new Proxy(env.DATA_DB, {
    get(db, member) {
      if (member !== "prepare") return Reflect.get(db, member).bind(db);
      return (sql: string) => ({
        bind: (...v: unknown[]) => {
          const st = db.prepare(sql).bind(...v);
          return new Proxy(st, { get: (t, m) => m === "raw" || m === "all" ? async (...a: any[]) => {
            const plan = await db.prepare("explain query plan " + sql).bind(...v).all();
            lines.push(sql, ...plan.results.map((r: any) => `   ${r.id} ${r.parent} ${r.detail}`));
            lines.push("rows " + (await t.all()).meta.rows_read);
            return (t as any)[m](...a);
          } : Reflect.get(t, m).bind?.(t) ?? Reflect.get(t, m) });
        },
      });
    },
  });
  const e = { ...env, DATA_DB } as Cloudflare.Env;
  const { headers } = await fetchPass(held, {}, { env: e });
  await fetchPass(held, { "if-none-match": headers.get("etag")! }, { env: e });
  await newDevice("x").register(held);
  await newDevice("x").list(held, undefined, { env: e });
  throw new Error(lines.join("\n"));
});

import { Hono } from "hono";
import type { AppEnv } from "../http/env";
import { ServiceError } from "../services/errors";

/** Google's side of a sandbox: its API, its save page, its keys. It has its own documentation, and Google's shape of errors. */
export const googleSimulator = new Hono<AppEnv>().all("/*", async (c) => {
  const simulator = c.get("base").googleSimulator;
  if (!simulator) throw new ServiceError("not_found", "Only a sandbox has a simulator of Google Wallet.");
  // A redirect is for the browser to follow.
  const answer = await simulator.fetch(new Request(c.req.raw, { redirect: "manual" }));
  return new Response(answer.body, answer);
});

import { html } from "hono/html";
import { faultPage, savePage } from "./save-page";
import { takeContent } from "./jwt-content";
import { setSaved } from "./holder";
import { Refusal, toRefusal } from "./refusal";
import { cardOf } from "./saved-card";
import { openSaveJwt } from "./save-jwt";
import type { Simulation } from "./simulation";
import type { Resource } from "./store";

interface SaveRequest {
  jwt: string;
  /** Path of the page, as it is reached. */
  pagePath: string;
  action: "show" | "save" | "remove";
  headers: Headers;
}

/**
 * The save page behind a link: makes what the JWT holds, shows the first of its passes, and saves or removes all of
 * them. Who asks for JSON gets what the page shows.
 */
export async function answerSave(sim: Simulation, request: SaveRequest): Promise<Response> {
  const { pagePath, action, headers } = request;
  const asJson = (headers.get("accept") ?? "").includes("application/json");
  try {
    const objects = await objectsOf(sim, request.jwt);
    if (action !== "show") {
      await setSaved(sim, objects, action === "save");
      return new Response(null, { status: 303, headers: { location: pagePath } });
    }
    const card = cardOf(sim, objects[0]!);
    if (asJson) return Response.json(card);
    const actions = { save: `${pagePath}/save`, remove: `${pagePath}/remove` };
    const shown = await savePage({ card, language: languageOf(headers), now: sim.now, actions });
    return page(await html`${shown}`, 200, sim);
  } catch (thrown) {
    const refusal = toRefusal(thrown);
    const answer = asJson
      ? Response.json(refusal.body, { status: refusal.status })
      : page(await html`${await faultPage({ ...faultOf(refusal), detail: refusal.message })}`, refusal.status, sim);
    if (refusal.retryAfterSeconds !== null) answer.headers.set("retry-after", String(refusal.retryAfterSeconds));
    return answer;
  }
}

const faultOf = ({ retryAfterSeconds }: Refusal): { title: string; text: string } =>
  retryAfterSeconds === null
    ? {
        title: "Something went wrong",
        text: "This pass cannot be saved. What is wrong with its link stands below; Google tells it to developers only.",
      }
    : { title: "Too often", text: `Nothing was changed. Try again in ${retryAfterSeconds} seconds.` };

async function objectsOf(sim: Simulation, jwt: string): Promise<Resource[]> {
  const { account, content } = await openSaveJwt(sim, jwt);
  const objects = takeContent({ ...sim, account }, content).filter(({ kind }) => kind === "object");
  if (objects.length === 0) throw new Refusal("invalid", "The JWT holds no object, so there is nothing to save.");
  return objects;
}

/** Pictures come from wherever passes have them; the buttons post to the page itself. */
function page(text: string, status: number, { allowHttp }: Simulation): Response {
  const pictures = `'self' data: https:${allowHttp ? " http:" : ""}`;
  return new Response(text, {
    status,
    headers: {
      "content-type": "text/html; charset=UTF-8",
      "content-security-policy": `default-src 'none'; img-src ${pictures}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    },
  });
}

/** The first language that the browser asks for. */
function languageOf(headers: Headers): string {
  const first = /^\s*([A-Za-z]{2,3}(?:-[\dA-Za-z]{2,8})*)/.exec(headers.get("accept-language") ?? "")?.[1];
  return first ?? "en";
}

import type { JsonObject } from "../../pass-model/resolved-pass";
import { answerApi } from "./api";
import { answerBatch } from "./batch";
import { keysDocument } from "./callbacks";
import { callbackKeys } from "./holder";
import { parseObject } from "./json";
import { Refusal, toRefusal } from "./refusal";
import { answerSave } from "./save";
import { issueServiceAccount, jwkSet } from "./service-accounts";
import type { Simulation } from "./simulation";
import { mintToken } from "./token";

export { isLocal, mayCall } from "./hosts";
export { rateWindow } from "./rate-window";
export { register } from "./service-accounts";
export { sqliteStore } from "./sqlite-store";

/** Where everything of the simulator is, below its origin. */
export const basePath = "/simulator/google";

const keysMaxAgeSeconds = 3600;

/** Google Wallet's API, token endpoint, save page and keys: one request. Never throws. */
export async function answerGoogle(sim: Simulation, request: Request): Promise<Response> {
  const answer = await route(sim, request).catch((thrown: unknown) => {
    const { status, body } = toRefusal(thrown);
    return json(body, status);
  });
  // By it clients tell how far their clocks are from Google's.
  answer.headers.set("date", new Date(sim.now).toUTCString());
  return answer;
}

async function route(sim: Simulation, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const path = localPath(pathname);
  const { headers } = request;
  // The runtime drops the body of the answer.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const contentType = headers.get("content-type") ?? "";
  const authorization = headers.get("authorization");
  const save = /^\/gp\/v\/save\/([^/]+)(?:\/(save|remove))?$/.exec(path);
  if (save && method === (save[2] ? "POST" : "GET")) {
    const pagePath = `${basePath}/gp/v/save/${save[1]}`;
    const action = (save[2] ?? "show") as "show" | "save" | "remove";
    return answerSave(sim, { jwt: save[1]!, pagePath, action, headers });
  }
  const published = /^\/service_accounts\/v1\/jwk\/([^/]+)$/.exec(path);
  if (published && method === "GET") return json(jwkSet(sim.store, published[1]!.replaceAll("%40", "@")), 200);
  switch (`${method} ${path}`) {
    case "GET /gp/m/issuer/keys":
      return json(await keysDocument(await callbackKeys(sim)), 200, {
        "cache-control": `public, max-age=${keysMaxAgeSeconds}`,
      });
    case "POST /token": {
      const { status, body } = await mintToken(sim, new URLSearchParams(await textOf(request)));
      return json(body, status);
    }
    case "POST /service-accounts":
      if (!sim.open) throw new Refusal("notFound", "Service accounts are made only where the simulator runs alone.");
      return json(await issueServiceAccount(sim, parseObject((await textOf(request)) || "{}")), 200);
    case "POST /batch": {
      const batch = await answerBatch(sim, { text: await textOf(request), contentType, authorization, localPath });
      return new Response(batch.text, { headers: { "content-type": batch.contentType } });
    }
    default: {
      const text = method === "GET" ? "" : await textOf(request);
      const { status, body } = await answerApi(sim, {
        method,
        target: path + search,
        authorization,
        contentType,
        text,
      });
      return json(body, status);
    }
  }
}

/** Whatever its type says that it is. */
const textOf = async (request: Request): Promise<string> => new TextDecoder().decode(await request.arrayBuffer());

/** Below the simulator's own path, whether a whole address or only a path was given. */
function localPath(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/, "");
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}

const json = (body: JsonObject, status: number, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
  });

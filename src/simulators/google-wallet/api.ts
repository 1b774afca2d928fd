import type { JsonObject } from "../../pass-model/resolved-pass";
import { downloadBarcodeValues, uploadBarcodeValues } from "./barcode-values";
import { changeIssuer, getIssuer, insertIssuer, listIssuers } from "./issuers";
import { parseObject } from "./json";
import { insertJwt, validateJwt } from "./jwt-endpoints";
import { modifyLinkedOffers } from "./linked-offers";
import { list } from "./lists";
import { addMessage } from "./messages";
import { getPermissions, updatePermissions } from "./permissions";
import { Refusal, toRefusal } from "./refusal";
import { typeOfPath, type ResourceType } from "./resource-types";
import { change, find, insert, present } from "./resources";
import type { CallContext, Simulation } from "./simulation";
import { insertSmartTap, setPassUpdateNotice } from "./smart-tap";
import { authenticate } from "./token";

export interface ApiRequest {
  method: string;
  /** Below the simulator's own address, with its query. */
  target: string;
  authorization: string | null;
  contentType: string;
  text: string;
}

export interface ApiAnswer {
  status: number;
  body: JsonObject;
}

interface Call {
  ctx: CallContext;
  /** Of the collection in the path, if it is one of the fourteen. */
  type: ResourceType;
  /** The id in the path. */
  id: string;
  query: URLSearchParams;
  contentType: string;
  text: string;
}

type Verb = (call: Call) => JsonObject | Promise<JsonObject>;

const bodyOf = ({ text }: Call): JsonObject => parseObject(text);

/** Steps of the path below `/walletobjects/v1`: `{type}` is one of the fourteen collections. */
const verbs: Record<string, Verb> = {
  "POST {type}": (call) => present(call.ctx, insert(call.ctx, call.type, bodyOf(call))),
  "GET {type}": ({ ctx, type, query }) => list(ctx, type, query),
  "GET {type}/{id}": ({ ctx, type, id }) => present(ctx, find(ctx, type, id)),
  "PUT {type}/{id}": (call) => changed(call, "update"),
  "PATCH {type}/{id}": (call) => changed(call, "patch"),
  "POST {type}/{id}/addMessage": (call) => addMessage(call.ctx, call.type, call.id, bodyOf(call)),
  "POST eventTicketObject/{id}/modifyLinkedOfferObjects": (call) => linkedOffers(call),
  "POST loyaltyObject/{id}/modifyLinkedOfferObjects": (call) => linkedOffers(call),
  "POST transitObject/{id}/uploadRotatingBarcodeValues": ({ ctx, id, ...file }) => uploadBarcodeValues(ctx, id, file),
  "GET transitObject/{id}/downloadRotatingBarcodeValues": ({ ctx, id }) => downloadBarcodeValues(ctx, id),
  "POST issuer": (call) => insertIssuer(call.ctx, bodyOf(call)),
  "GET issuer": ({ ctx }) => listIssuers(ctx),
  "GET issuer/{id}": ({ ctx, id }) => getIssuer(ctx, id),
  "PUT issuer/{id}": (call) => changeIssuer(call.ctx, call.id, bodyOf(call), "update"),
  "PATCH issuer/{id}": (call) => changeIssuer(call.ctx, call.id, bodyOf(call), "patch"),
  "GET permissions/{id}": ({ ctx, id }) => getPermissions(ctx, id),
  "PUT permissions/{id}": (call) => updatePermissions(call.ctx, call.id, bodyOf(call)),
  "POST smartTap": (call) => insertSmartTap(call.ctx, bodyOf(call)),
  "POST jwt": (call) => insertJwt(call.ctx, bodyOf(call)),
  "POST jwt/validate": (call) => validateJwt(call.ctx, bodyOf(call)),
  "POST privateContent/setPassUpdateNotice": (call) => setPassUpdateNotice(call.ctx, bodyOf(call)),
};

const changed = (call: Call, how: "update" | "patch"): JsonObject =>
  present(call.ctx, change(call.ctx, call.type, { id: call.id, input: bodyOf(call), how }));

const linkedOffers = (call: Call): JsonObject => modifyLinkedOffers(call.ctx, call.type, call.id, bodyOf(call));

/** One call of the API, alone or as a part of a batch. Never throws. */
export async function answerApi(sim: Simulation, request: ApiRequest): Promise<ApiAnswer> {
  try {
    const account = await authenticate(sim, request.authorization);
    if (!sim.admit(account)) {
      throw new Refusal("rateLimitExceeded", "Rate Limit Exceeded: 20 requests per second and service account.");
    }
    const { pathname, searchParams: query } = new URL(request.target, "http://simulator");
    const route = routeOf(request.method, pathname);
    if (!route) throw new Refusal("notFound", `There is no ${request.method} ${pathname.slice(0, 200)}.`);
    const { text, contentType } = request;
    return { status: 200, body: await route.verb({ ...route, ctx: { ...sim, account }, query, text, contentType }) };
  } catch (thrown) {
    const refusal = toRefusal(thrown);
    return { status: refusal.status, body: refusal.body };
  }
}

const constantSteps = new Set(["validate", "setPassUpdateNotice"]);

function routeOf(method: string, pathname: string): { verb: Verb; type: ResourceType; id: string } | null {
  // Samples of Google's end the path of a collection with a slash.
  const below = /^(\/upload)?\/walletobjects\/v1\/(.+?)\/?$/.exec(pathname);
  const [collection = "", second, ...more] = below?.[2]?.split("/") ?? [];
  if (below?.[1] && more[0] !== "uploadRotatingBarcodeValues") return null;
  const type = typeOfPath.get(collection);
  const isId = second !== undefined && !(type === undefined && constantSteps.has(second));
  const steps = [...(second === undefined ? [] : [isId ? "{id}" : second]), ...more];
  const named = (first: string) => `${method} ${[first, ...steps].join("/")}`;
  const name = [named(collection), ...(type ? [named("{type}")] : [])].find((each) => Object.hasOwn(verbs, each));
  return name === undefined ? null : { verb: verbs[name]!, type: type!, id: isId ? decoded(second) : "" };
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    throw new Refusal("invalidResource", `Invalid resource ID: ${step.slice(0, 200)}`);
  }
}

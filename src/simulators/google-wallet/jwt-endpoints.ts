import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { checkBody } from "./check-body";
import { parseObject } from "./json";
import { presentContent, rehearseContent, takeContent } from "./jwt-content";
import { contentOf, openSaveJwt } from "./save-jwt";
import type { CallContext } from "./simulation";

/** For what is too long for a link: makes what the JWT holds and answers a link to it. */
export async function insertJwt(ctx: CallContext, input: JsonObject): Promise<JsonObject> {
  checkBody("JwtResource", input, ctx);
  const jwt = input.jwt as string;
  const { account, content } = await openSaveJwt(ctx, jwt);
  const signer = { ...ctx, account };
  const resources = presentContent(signer, takeContent(signer, content));
  return { saveUri: `${ctx.baseUrl}/gp/v/save/${jwt}`, resources };
}

/** Either a signed JWT, or what one would hold: its whole payload, or only the classes and objects in it. */
export async function validateJwt(ctx: CallContext, input: JsonObject): Promise<JsonObject> {
  checkBody("JwtValidateRequest", input, ctx);
  const { jwtResource, jsonResource } = input;
  if (isObject(jwtResource)) {
    const { account, content } = await openSaveJwt(ctx, jwtResource.jwt as string);
    rehearseContent({ ...ctx, account }, content);
  } else {
    const json = parseObject((jsonResource as JsonObject).json as string);
    rehearseContent(ctx, "payload" in json ? contentOf(json) : json);
  }
  return {};
}

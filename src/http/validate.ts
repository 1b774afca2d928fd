import { zValidator } from "@hono/zod-validator";
import type { Context, MiddlewareHandler, ValidationTargets } from "hono";
import { resolver, uniqueSymbol } from "hono-openapi";
import * as z from "zod";
import type { Issue } from "../pass-model/issue";
import { ServiceError } from "../services/errors";
import { zodIssues } from "../services/zod-issues";
import type { AppEnv } from "./env";

/** How schemas are written into the OpenAPI document: what a client sends, with our examples kept. */
export const schemaOptions = {
  io: "input",
  override: ({ zodSchema, jsonSchema }: { zodSchema: z.ZodType; jsonSchema: Record<string, unknown> }) => {
    const examples = z.globalRegistry.get(zodSchema)?.examples;
    if (examples) jsonSchema.examples = examples;
  },
};

/** Further issues of a body whose shape is wrong already, so that one answer lists everything. */
type AlsoCheck = (c: Context<AppEnv>, body: unknown) => Promise<Issue[]>;

/**
 * The one validator of the API: checks a part of the request, answers our problem details, and tells the
 * OpenAPI document about the schema. Nothing else imports zValidator.
 */
export function validate<Target extends "json" | "query" | "param", Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
  alsoCheck?: AlsoCheck,
) {
  const checked = target === "json" ? (shallowJson.pipe(schema) as unknown as Schema) : schema;
  const inner = zValidator(target, checked, async (result, c) => {
    if (result.success) return;
    const found: Issue[] = zodIssues(result.error.issues, result.data).map((issue) =>
      target === "json" ? issue : { ...issue, in: target === "param" ? "path" : "query" },
    );
    const pointers = new Set(found.map(({ pointer }) => pointer));
    // A body that is wrong as a whole has no members to look at.
    const more = pointers.has("#") ? [] : ((await alsoCheck?.(c as unknown as Context<AppEnv>, result.data)) ?? []);
    const errors = [...found, ...more.filter(({ pointer }) => !pointers.has(pointer))];
    const count = errors.length === 1 ? "1 member" : `${errors.length} members`;
    throw new ServiceError("validation_error", `${count} of the request cannot be accepted.`, { errors });
  });
  const validateRequest: MiddlewareHandler = async (c, next) => {
    if (target === "json") await assertJson(c);
    return inner(c as Context, next);
  };
  return Object.assign(validateRequest as typeof inner, {
    [uniqueSymbol]: { target: target as keyof ValidationTargets, ...resolver(schema, { options: schemaOptions }) },
  });
}

const nestingMax = 64;

/** What is nested deeper could be stored, and then overflow the stack of everything that writes it out again. */
const shallowJson = z
  .unknown()
  .refine((body) => !holds(body, nestingMax, (_, levels) => levels === 0), {
    error: `the body may be nested ${nestingMax} levels deep at most`,
    abort: true,
  })
  // Objects are built by assignment on the way, which drops such a member without a word.
  .refine((body) => !holds(body, nestingMax, (value) => Object.hasOwn(value, "__proto__")), {
    error: "no member may be named __proto__",
    abort: true,
  })
  // Half a surrogate pair is no character, and Wallet does not open a pass that holds one.
  .refine((body) => !holds([body], nestingMax + 1, (value) => Object.entries(value).some(isIllFormed)), {
    error: "a text holds half a surrogate pair, which is no character",
    abort: true,
  });

const isIllFormed = ([key, value]: [string, unknown]): boolean =>
  !key.isWellFormed() || (typeof value === "string" && !value.isWellFormed());

function holds(value: unknown, levels: number, test: (value: object, levels: number) => boolean): boolean {
  if (typeof value !== "object" || value === null) return false;
  return test(value, levels) || Object.values(value).some((member) => holds(member, levels - 1, test));
}

/**
 * Hono reads a body of another type as an empty object, and bytes that are no UTF-8 as U+FFFD, so both are
 * checked before (RFC 8259 §8.1: JSON is UTF-8).
 */
async function assertJson(c: Context): Promise<void> {
  const type = c.req.header("content-type") ?? "";
  // No body at all is read as {}: an operation whose members all have defaults takes it.
  if (type === "" && (await c.req.arrayBuffer()).byteLength === 0) return;
  if (!/^application\/([a-z-.]+\+)?json\s*(;|$)/i.test(type)) {
    const seen = type === "" ? "none was given" : `it was ${type.slice(0, 100)}`;
    throw new ServiceError("unsupported_media_type", `The content type must be application/json; ${seen}.`);
  }
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await c.req.arrayBuffer());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ServiceError("malformed_json", "The body is not UTF-8.");
  }
}

import * as z from "zod";
import { idPattern, type IdPrefix } from "../db/ids";

/** Shapes that several resources share. */

const idExamples: Record<IdPrefix, string> = {
  tenant: "tenant_01JGFJJZ005D4QF3B3M2V5N7RW",
  key: "key_01JGFJJZ006QK7M8TWB0C9E4HZ",
  tmpl: "tmpl_01JGFJJZ009HS2P6WA8RE5ZNYG",
  pass: "pass_01JGFJJZ004NB8WYE6T1JGSFPA",
  evt: "evt_01JGFJJZ007ZQK3M9V0C5XH2RD",
  img: "img_01JGFJJZ00CEXQ1RD5D6W0KQYV",
  csr: "csr_01JGFJJZ00D4T7CQ0VBM3H9KXW",
  log: "log_01JGFJJZ000000000000000042",
  req: "req_01JGFJJZ001KX9D4T7CQ0VBM3H",
  aud: "aud_01JGFJJZ00A9C3W5RN8M2K6TPV",
};

export const exampleId = (prefix: IdPrefix): string => idExamples[prefix];

/** An id in an answer. */
export const idOf = (prefix: IdPrefix, description: string) =>
  z
    .string()
    .regex(idPattern(prefix))
    .meta({ description, examples: [idExamples[prefix]] });

/** An id in a path: any text, for whatever is no id of ours is simply not found. */
export const pathId = (prefix: IdPrefix, what: string) =>
  z.object({ id: z.string().meta({ description: `Id of the ${what}.`, examples: [idExamples[prefix]] }) });

export const timestamp = (description: string) =>
  z.iso.datetime().meta({ description, examples: ["2026-05-01T16:30:00.000Z"] });

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Members of the query of a list; `cursor` is an example of what its objects are paged by. */
export const pageQuery = (cursor: string) => ({
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({
      description: "How many objects are answered, 1 to 100.",
      examples: [20],
    }),
  startingAfter: z
    .string()
    .max(200)
    .optional()
    .meta({
      description: "Id of the last object of the page before: answers what follows it.",
      examples: [cursor],
    }),
  endingBefore: z
    .string()
    .max(200)
    .optional()
    .meta({
      description: "Id of the first object of the page after: answers what comes before it.",
      examples: [cursor],
    }),
});

/** A page of `item`, whose own examples make the example of the page. `url` is the path of the list. */
export function listOf<T extends z.ZodType>(item: T, id: string, url: string) {
  const what = url.split("/").at(-1);
  const data = z.globalRegistry.get(item)?.examples ?? [];
  return z
    .object({
      object: z.literal("list").meta({ description: "Always `list`.", examples: ["list"] }),
      data: z.array(item).meta({ description: `The ${what} of this page.`, examples: [data as z.output<T>[]] }),
      hasMore: z.boolean().meta({ description: "Whether another page follows.", examples: [false] }),
      url: z.string().meta({ description: "Path of this list.", examples: [url] }),
    })
    .meta({
      id,
      description: `One page of ${what}.`,
      examples: [{ object: "list", data, hasMore: false, url }] as never,
    });
}

export const warningExample = {
  code: "radius_pass_wide",
  pointer: "#/locations",
  detail: "Apple has one distance per pass: 150 m is used for all places, or Wallet's own if that is smaller",
};

export const warningSchema = z
  .object({
    code: z.string().meta({ description: "Stable, for programs.", examples: [warningExample.code] }),
    pointer: z
      .string()
      .meta({ description: "JSON Pointer to the member concerned.", examples: [warningExample.pointer] }),
    detail: z.string().meta({
      description: "For people: what was seen, and what happens instead.",
      examples: [warningExample.detail],
    }),
  })
  .meta({
    id: "Warning",
    description: "Something that a wallet drops or maps. The request succeeded all the same.",
    examples: [warningExample],
  });

export const problemSchema = z
  .looseObject({
    type: z
      .url()
      .meta({ description: "Page that explains the code.", examples: ["https://api.example.com/problems/not-found"] }),
    title: z
      .string()
      .meta({ description: "The same for every occurrence of the code.", examples: ["There is no such thing"] }),
    status: z.int().meta({ description: "HTTP status.", examples: [404] }),
    code: z.string().meta({ description: "Stable, for programs.", examples: ["not_found"] }),
    detail: z
      .string()
      .meta({ description: "This occurrence, for people.", examples: ["There is no pass of this id."] }),
    instance: z
      .string()
      .meta({ description: "URI of this occurrence.", examples: [`urn:wepass:request:${idExamples.req}`] }),
    requestId: z.string().meta({ description: "As in the header X-Request-Id.", examples: [idExamples.req] }),
    errors: z
      .array(
        z.object({
          pointer: z
            .string()
            .meta({ description: "JSON Pointer (RFC 6901) to the member.", examples: ["#/values/points"] }),
          code: z.string().meta({ description: "Stable, for programs.", examples: ["wrong_type"] }),
          detail: z.string().meta({ description: "For people.", examples: ["expected a number"] }),
          in: z
            .enum(["query", "path", "header"])
            .optional()
            .meta({
              description: "Set if the member is a parameter and not part of the body.",
              examples: ["query"],
            }),
        }),
      )
      .optional()
      .meta({
        description: "One entry per member that cannot be accepted.",
        examples: [[{ pointer: "#/values/points", code: "wrong_type", detail: "expected a number" }]],
      }),
    violatedPolicies: z
      .array(z.enum(["burst", "daily"]))
      .optional()
      .meta({
        description:
          "Of `rate_limited`: the limits of the account that have no room, as `RateLimit-Policy` names them.",
        examples: [["burst"]],
      }),
  })
  .meta({
    id: "Problem",
    description: "Problem details, RFC 9457.",
    examples: [
      {
        type: "https://api.example.com/problems/not-found",
        title: "There is no such thing",
        status: 404,
        code: "not_found",
        detail: "There is no pass of this id.",
        instance: `urn:wepass:request:${idExamples.req}`,
        requestId: idExamples.req,
      },
    ],
  });

import * as z from "zod";
import { exampleId, idOf, isoTime, timestamp } from "../http/schemas";
import { explainRefusal, refusalReasons } from "../services/google-callbacks/explain-refusal";
import type { CallbackDiagnostics } from "../services/google-callbacks/read";

/** How Google's callbacks fare, as the account tells it. */

const at = "2026-05-01T16:30:00.000Z";

const classExample = {
  classId: `3388000000012345678.${exampleId("tmpl")}.1.9f86d081884c7d659a2f`,
  templateId: exampleId("tmpl"),
  saves: 120,
  removals: 7,
  unmatched: 0,
  lastAt: at,
};

const refusedExample = { reason: "bad_signature", count: 2, lastAt: at, detail: explainRefusal("bad_signature") };

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

const classCallbacks = z
  .object({
    classId: z.string().meta({ description: "Id of the class at Google.", examples: [classExample.classId] }),
    templateId: idOf("tmpl", "Template that the class was made of; null if it was not made here.").nullable(),
    saves: count("Passes that were added to a Google Wallet.", classExample.saves),
    removals: count("Passes that were removed from one.", classExample.removals),
    unmatched: count(
      "Messages that changed no count: about a pass that is not here, or of a kind that is not known.",
      classExample.unmatched,
    ),
    lastAt: timestamp("When the latest came."),
  })
  .meta({ id: "GoogleClassCallbacks", description: "What was heard of a class.", examples: [classExample] });

const refusedCallbacks = z
  .object({
    reason: z.string().meta({
      description: `Stable, for programs: ${refusalReasons.map((reason) => `\`${reason}\``).join(", ")}.`,
      examples: [refusedExample.reason],
    }),
    count: count("How many messages were not taken for it.", refusedExample.count),
    lastAt: timestamp("When the latest of them came."),
    detail: z
      .string()
      .meta({ description: "For people: what was wrong, and what to look at.", examples: [refusedExample.detail] }),
  })
  .meta({
    id: "RefusedGoogleCallbacks",
    description: "Messages that were not taken, for one reason. Anybody can send some; they change nothing.",
    examples: [refusedExample],
  });

export const callbacksExample = {
  lastAt: at,
  classes: [classExample],
  refused: [refusedExample],
  drift: { saves: 0, removals: 0 },
};

export const callbacksSchema = z
  .object({
    lastAt: timestamp("When the latest came of any class; null if none ever came.").nullable(),
    classes: z
      .array(classCallbacks)
      .max(100)
      .meta({
        description: "What was heard of each class: at most 100, those that were heard of last first.",
        examples: [[classExample]],
      }),
    refused: z
      .array(refusedCallbacks)
      .nullable()
      .meta({
        description: "What was not taken, by reason; null if that cannot be told at the moment.",
        examples: [[refusedExample]],
      }),
    drift: z
      .object({
        saves: count("Passes that somebody has, as Google says, and of which no save was heard.", 0).max(1000),
        removals: count("Passes that nobody has any more, as Google says, and of which no removal was heard.", 0).max(
          1000,
        ),
      })
      .meta({
        description:
          "Passes of which a callback was missed, as far as a daily comparison with Google's `hasUsers` tells. Each is counted up to 1,000.",
        examples: [callbacksExample.drift],
      }),
  })
  .meta({
    id: "GoogleCallbacks",
    description: "How the callbacks fare by which Google tells who adds and removes passes.",
    examples: [callbacksExample],
  });

export function callbacksJson({ lastAt, classes, refused, drift }: CallbackDiagnostics) {
  return {
    lastAt: lastAt === null ? null : isoTime(lastAt),
    classes: classes.map((each) => ({ ...each, lastAt: isoTime(each.lastAt) })),
    refused: refused && refused.map((each) => ({ ...each, lastAt: isoTime(each.lastAt) })),
    drift,
  };
}

import { sql } from "drizzle-orm";
import { deployment } from "../../db/control-schema";
import { templates } from "../../db/data-schema";
import type { BaseContext } from "../context";
import { within } from "../deadline";
import { describeFault } from "../describe-fault";

export interface ReadinessCheck {
  /** What was asked: `control_database`, `data_database_1` and so on, `files`, `durable_objects`. */
  name: string;
  ok: boolean;
  durationMs: number;
  /** Null if it answered. What it said stands in the log. */
  failure: "timeout" | "unreachable" | null;
}

export const deadlineMs = 5000;

/** Asks whatever requests need, all at once, each for five seconds at most. Never throws. */
export function checkReadiness(ctx: BaseContext): Promise<ReadinessCheck[]> {
  const one = { one: sql`1` };
  const probes: [name: string, probe: () => PromiseLike<unknown>][] = [
    ["control_database", () => ctx.control.select(one).from(deployment).limit(1)],
    ...ctx
      .dataDatabases()
      .map((data, index): (typeof probes)[number] => [
        `data_database_${index + 1}`,
        () => data.select(one).from(templates).limit(1),
      ]),
    ["files", () => ctx.files.head("readiness")],
    // Of an object that nobody else has, a call that changes nothing.
    ["durable_objects", () => ctx.limiter("readiness").raiseEpoch(0)],
  ];
  return Promise.all(
    probes.map(async ([name, probe]) => {
      const startedAt = ctx.clock();
      const failure = await failureOf(ctx, name, probe);
      return { name, ok: failure === null, durationMs: ctx.clock() - startedAt, failure };
    }),
  );
}

async function failureOf(
  ctx: BaseContext,
  name: string,
  probe: () => PromiseLike<unknown>,
): Promise<ReadinessCheck["failure"]> {
  try {
    const answered = await within(
      deadlineMs,
      Promise.resolve(probe()).then(() => true),
    );
    return answered ? null : "timeout";
  } catch (error) {
    ctx.log({ level: "error", msg: "not ready", check: name, error: describeFault(error) });
    return "unreachable";
  }
}

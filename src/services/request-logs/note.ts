import type { LoggedRequest } from "../../durable-objects/request-log";
import type { BaseContext } from "../context";
import { describeFault } from "../describe-fault";

/** Adds a request to the last ones of its tenant, after its answer. Never throws: a request that is not noted was answered all the same. */
export async function noteRequest(
  ctx: Pick<BaseContext, "log" | "requestLog">,
  tenantId: string,
  request: LoggedRequest,
): Promise<void> {
  try {
    await ctx.requestLog(tenantId).append(request);
  } catch (error) {
    ctx.log({ level: "error", msg: "request not noted", tenantId, error: describeFault(error) });
  }
}

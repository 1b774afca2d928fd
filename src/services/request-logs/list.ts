import type { ListInput, ListResult, LoggedRequest, RequestFilter } from "../../durable-objects/request-log";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { badCursor, cursorOf, type Page, type PageRequest } from "../paging";

export type { LoggedRequest, RequestFilter };

/** Of the tenant's last 10,000 requests, the one that was answered last first. Throws `temporarily_unavailable`. */
export async function listRequests(
  ctx: TenantContext,
  page: PageRequest,
  filter: RequestFilter,
): Promise<Page<LoggedRequest>> {
  const { cursor, name, backwards } = cursorOf(page);
  const found = await ask(ctx, { limit: page.limit, cursor, backwards, filter });
  if (!found) throw badCursor(name);
  return { items: found.requests, hasMore: found.hasMore };
}

async function ask(ctx: TenantContext, input: ListInput): Promise<ListResult> {
  try {
    const found = await ctx.requestLog(ctx.tenant.id).list(input);
    if (found !== null && !Array.isArray(found?.requests)) throw new Error("the object is of another version");
    return found;
  } catch (cause) {
    const detail = "The request log cannot be read at the moment.";
    throw new ServiceError("temporarily_unavailable", detail, { cause, retryAfterSeconds: 5 });
  }
}

import type { Policy, PolicyName, WindowState } from "../../durable-objects/rate-limiter";
import { ServiceError } from "../errors";

/** What a tenant has used of its limits, and which of them refuse the request. */
export interface LimitState {
  windows: WindowState[];
  violated: PolicyName[];
}

/** While the limiter is of another version nothing is known, and nothing refused. */
export const unknownState: LimitState = { windows: [], violated: [] };

/** Milliseconds until the last of the windows without room ends: no request passes before. */
export function refusedForMs({ windows, violated }: LimitState): number {
  return Math.max(0, ...windows.filter(({ name }) => violated.includes(name)).map(({ resetMs }) => resetMs));
}

const periods: Record<PolicyName, string> = { burst: "minute", daily: "day" };

const sentence = ({ name, quota }: Policy): string => `This account may make ${quota} requests per ${periods[name]}.`;

/** The refusal of a request for which there is no room. `Retry-After` is in whole seconds, and none too few. */
export function tooManyRequests(state: LimitState): ServiceError {
  const full = state.windows.filter(({ name }) => state.violated.includes(name));
  return new ServiceError("rate_limited", full.map(sentence).join(" "), {
    extra: { violatedPolicies: state.violated },
    retryAfterSeconds: Math.max(1, Math.ceil(refusedForMs(state) / 1000)),
  });
}

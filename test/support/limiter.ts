import { env } from "cloudflare:workers";
import type { RateLimiter, TakeInput, Taken } from "../../src/durable-objects/rate-limiter";

export type Limiter = DurableObjectStub<RateLimiter>;

export const newLimiter = (): Limiter => env.RATE_LIMITER.getByName(`test ${crypto.randomUUID()}`) as Limiter;
export const limiterOf = (tenant: { id: string }): Limiter => env.RATE_LIMITER.getByName(tenant.id) as Limiter;

export const burst = (quota: number) => ({ name: "burst" as const, quota, windowSeconds: 60 });
export const daily = (quota: number) => ({ name: "daily" as const, quota, windowSeconds: 86_400 });

/** What an authenticated request asks the limiter. */
export const asked = (overrides: Partial<TakeInput> = {}): TakeInput => ({
  cost: 1,
  policies: [burst(3), daily(10)],
  keyId: "KEY",
  address: "203.0.113.7",
  network: "203.0.113.7",
  epoch: 1,
  isFresh: false,
  ...overrides,
});

/** Takes from an object that knows no newer credentials. */
export async function take(limiter: Limiter, overrides: Partial<TakeInput> = {}): Promise<Taken> {
  const answer = await limiter.take(asked(overrides));
  if (answer.stale) throw new Error("the limiter knows newer credentials");
  return answer;
}

export const usedOf = ({ windows }: Taken): number[] => windows.map(({ used }) => used);

type Answering = (input: TakeInput, real: Limiter) => Promise<unknown>;

/** An environment that notes which methods of limiters are called, and in which `take` answers what a test says. */
export function limiterEnv(
  answer: Answering = async (input, real) => real.take(input),
  base: Cloudflare.Env = env,
): { env: Cloudflare.Env; called: string[] } {
  const called: string[] = [];
  const getByName = (name: string) => {
    const real = env.RATE_LIMITER.getByName(name) as Limiter;
    return new Proxy(real, {
      get: (_, method: string) => (first: never) => {
        called.push(method);
        if (method === "take") return answer(first, real);
        return (real[method as keyof Limiter] as (input: never) => unknown)(first);
      },
    });
  };
  return { env: { ...base, RATE_LIMITER: { getByName } } as unknown as Cloudflare.Env, called };
}

/** An environment in which no limiter can be reached. */
export function limiterlessEnv(error: Error = new Error("away"), base: Cloudflare.Env = env): Cloudflare.Env {
  const away = () => Promise.reject(error);
  const getByName = () => new Proxy({}, { get: () => away });
  return { ...base, RATE_LIMITER: { getByName } } as unknown as Cloudflare.Env;
}

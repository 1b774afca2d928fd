import { ServiceError } from "../errors";

/** Makes of whatever breaks an answer upon which Google sends its message again: none is lost to a fault of ours. */
export async function orComeAgain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw comeAgain("Something that it takes is down at the moment.", 10, error);
  }
}

export const comeAgain = (detail: string, retryAfterSeconds: number, cause?: unknown): ServiceError =>
  new ServiceError("temporarily_unavailable", detail, { retryAfterSeconds, cause });

import { Agent, request } from "node:http";

/** Concurrent requests over kept-alive connections. */
const concurrency = 8;
const agent = new Agent({ keepAlive: true, maxSockets: concurrency });

/** Sends one request, with JSON or with a `text` that is some, and reads the answer whole. Throws unless it has the status that is expected. */
export function send(origin, { method = "GET", path, token, body, text, status = 200, headers: own }) {
  const payload = body === undefined ? text : JSON.stringify(body);
  const headers = {
    ...own,
    ...(token && { authorization: `Bearer ${token}` }),
    ...(payload && { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { method, headers, agent }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const bytes = Buffer.concat(chunks);
        if (response.statusCode === status) return resolve(bytes);
        reject(new Error(`${method} ${path} answered ${response.statusCode}: ${bytes.subarray(0, 500)}`));
      });
    });
    sent.once("error", reject);
    sent.end(payload);
  });
}

export const sendJson = async (origin, options) => JSON.parse(await send(origin, options));

/** Requests per second over `seconds`. `next` answers the options of the next request, or does something with `answer`. */
export async function load(origin, seconds, next, answer = () => {}) {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let done = 0;
  const worker = async () => {
    while (performance.now() < until) {
      answer(await send(origin, next()));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return done / ((performance.now() - startedAt) / 1000);
}

export const closeClient = () => agent.destroy();

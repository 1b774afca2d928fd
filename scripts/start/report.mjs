import { shellQuote } from "../support/shell-quote.mjs";

/** The lines that a start ends with. */
export function reportLines(url, { apiKey, passUrls, sample }, log) {
  return [
    "",
    `Home page  ${url}/`,
    `API docs   ${url}/docs`,
    `API key    ${apiKey}`,
    "",
    "Demo passes",
    ...passUrls.map((passUrl) => `  ${passUrl}`),
    "",
    "Issue a pass of your own",
    `  ${curlLine(url, apiKey, sample)}`,
    "",
    `Ctrl-C stops. The log is ${log}.`,
  ];
}

function curlLine(url, apiKey, body) {
  const headers = [`Authorization: Bearer ${apiKey}`, "Content-Type: application/json"];
  const words = ["curl", "-sS", `${url}/v2/passes`, ...headers.flatMap((header) => ["-H", header])];
  return shellQuote([...words, "-d", JSON.stringify(body)]);
}

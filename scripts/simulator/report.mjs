/** The lines that a start ends with; `state` is undefined where nothing is kept. */
export function reportLines(url, { log, state }) {
  const base = `${url}/simulator/google`;
  return [
    "The Google Wallet simulator is ready. Nothing of it reaches Google.",
    "",
    `API      ${base}/walletobjects/v1/`,
    `Token    ${base}/token`,
    `Batch    ${base}/batch`,
    `Save     ${base}/gp/v/save/{jwt}`,
    `Keys     ${base}/gp/m/issuer/keys`,
    "",
    "Make an issuer, and a service account that is one of its users",
    `  curl -sS -X POST ${base}/service-accounts > issuer.json`,
    "",
    "Point an official client at it",
    `  walletobjects({ version: "v1", rootUrl: "${base}/", auth })`,
    "",
    state === undefined ? "It forgets everything when it ends." : `It remembers in ${state}.`,
    `Ctrl-C stops. The log is ${log}.`,
  ];
}

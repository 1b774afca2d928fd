import { refusalOf } from "../start/api.mjs";
import "../support/typescript.mjs";

/**
 * A simulated iPhone that trusts the sandbox's authority beside Apple's, and tells each call that it makes. `garble`
 * spoils the next file on its way to the phone.
 */
export async function createPhone(api, { fail, say }) {
  const { Iphone } = await import("../../src/simulators/iphone/iphone.ts");
  const authority = await api.send("GET", "/sandbox/authority.pem");
  if (authority.status !== 200) fail(refusalOf(authority));
  let spoils = false;
  const phone = new Iphone({
    now: Date.now,
    authorities: [derOf(Buffer.from(authority.body).toString())],
    async fetch(url, init = {}) {
      say(`iPhone → ${init.method ?? "GET"} ${shortened(new URL(url))}`);
      // An idle connection may end unnoticed, as in the client of the API.
      const headers = new Headers(init.headers);
      headers.set("connection", "close");
      const response = await fetch(url, { ...init, headers });
      const type = response.headers.get("content-type")?.split(";")[0];
      say(`iPhone ← ${response.status}${type ? ` ${type}` : ""}`);
      if (!spoils || type !== "application/vnd.apple.pkpass") return response;
      spoils = false;
      return new Response(garbled(await response.bytes()), response);
    },
  });
  return { phone, garble: () => (spoils = true) };
}

const derOf = (pem) => new Uint8Array(Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64"));

/** Turns around one bit in the middle. */
function garbled(bytes) {
  bytes[bytes.length >> 1] ^= 1;
  return bytes;
}

/** Ids of devices are long, and no two lines of a terminal. */
const shortened = ({ pathname, search }) => pathname.replace(/(\/devices\/[0-9a-f]{6})[0-9a-f]+/, "$1…") + search;

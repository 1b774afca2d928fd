import { refusalOf } from "../start/api.mjs";
import { StartError } from "../start/failure.mjs";

const BODY_LENGTH = 160;

/** Tells the tour as it happens. A step that does not hold ends it with a StartError. */
export function createNarrator(print) {
  let number = 0;
  let title = "";
  const fail = (reason) => {
    throw new StartError(`Step ${number}, "${title}", did not hold: ${reason}.`);
  };
  return {
    step(text) {
      title = text;
      print(`\n${++number}. ${text}`);
    },
    say: (text) => print(`   ${text}`),
    /** Sends, tells, and answers what came back; any other status than an expected one fails the step. */
    async call(api, [method, path, content, headers], ...statuses) {
      print(`   → ${method} ${shortPath(path)}${content === undefined ? "" : ` ${shortened(content)}`}`);
      const answer = await api.send(method, path, content, headers);
      const { status } = answer;
      if (!statuses.includes(status)) fail(`${refusalOf(answer)}, and ${statuses.join(" or ")} was expected`);
      print(`   ← ${status}${answer.type ? ` ${answer.type.split(";")[0]}` : ""}`);
      return answer;
    },
    holds(condition, sentence) {
      if (!condition) fail(`it is not so that ${sentence}`);
      print(`   ✓ ${sentence}`);
    },
    fail,
  };
}

/** A save link holds a whole JWT, which is no line of a terminal. */
const shortPath = (path) => path.replace(/(\/save\/[\w-]{12})[\w.-]+/, "$1…");

function shortened(content) {
  if (content instanceof Uint8Array) return `(${content.length} bytes)`;
  const text = JSON.stringify(content, (name, value) => (name === "images" ? "…" : value));
  return text.length > BODY_LENGTH ? `${text.slice(0, BODY_LENGTH)} …` : text;
}

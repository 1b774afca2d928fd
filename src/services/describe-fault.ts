/** Name, place and chain of what was thrown, for the log. The message stays out: it may quote a value of a field or a statement. */
export function describeFault(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `thrown: ${typeof thrown}`;
  const database = databaseFault.exec(thrown.message)?.[0];
  const chain = thrown.cause instanceof Error ? ` ← ${describeFault(thrown.cause)}` : "";
  return `${thrown.name}${database ? ` ${database}` : ""} ${placeOf(thrown)}${chain}`;
}

/** At the start, where no value can be; of a constraint the names of its columns. */
const databaseFault = /^(?:D1|SQLITE)_\w+(?:: (?:UNIQUE|NOT NULL|FOREIGN KEY) constraint failed(?:: [\w., ]+)?)?/;

/** A stack quotes the message before its frames, and a line of a message can look like one. */
function placeOf({ stack = "", message }: Error): string {
  const start = stack.indexOf(message);
  const frames = start < 0 ? [] : stack.slice(start + message.length).split("\n");
  return frames
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, 4)
    .join(" ");
}

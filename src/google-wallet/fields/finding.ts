/** Member names and indices. */
export type Steps = readonly (string | number)[];

/** One thing that Google would refuse. */
export interface GoogleInvalid {
  /** Such as `textModulesData[0].id`; empty for the value itself. */
  path: string;
  /** For people: what was expected there. */
  message: string;
  code: "unknown_member" | "wrong_type" | "invalid_value" | "required";
  steps: Steps;
}

export function finding(steps: Steps, code: GoogleInvalid["code"], message: string): GoogleInvalid {
  return { path: pathOf(steps), message, code, steps };
}

function pathOf(steps: Steps): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === "number") return `${path}[${step}]`;
    return path === "" ? step : `${path}.${step}`;
  }, "");
}

/** The value at the end of the steps; undefined if there is none. */
export function valueAt(json: unknown, steps: Steps): unknown {
  let value = json;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

import { parseArgs } from "node:util";

/** Wrong usage, told to whoever typed it. */
export class UsageError extends Error {}

/** What `wepass doctor` was told: `{ file, password, authority, mediaType, json }`. Throws a UsageError. */
export function readOptions(args, env) {
  const { values, positionals } = parse(args);
  if (positionals.length !== 1) throw new UsageError("Name one file to examine, or - for standard input.");
  if (values.password !== undefined && values["password-env"] !== undefined) {
    throw new UsageError("Give --password or --password-env, not both.");
  }
  const name = values["password-env"];
  if (name !== undefined && env[name] === undefined) {
    throw new UsageError(`There is no environment variable ${name}.`);
  }
  return {
    file: positionals[0],
    password: name === undefined ? values.password : env[name],
    authority: values.authority,
    mediaType: values["media-type"],
    json: values.json ?? false,
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        password: { type: "string" },
        "password-env": { type: "string" },
        authority: { type: "string" },
        "media-type": { type: "string" },
        json: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

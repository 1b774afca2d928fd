/** The members that have a value: Google's JSON knows no null. */
export function present<Members extends Record<string, unknown>>(
  members: Members,
): { [Key in keyof Members]?: NonNullable<Members[Key]> } {
  const found: Record<string, unknown> = {};
  for (const key in members) if (members[key] !== null && members[key] !== undefined) found[key] = members[key];
  return found as { [Key in keyof Members]?: NonNullable<Members[Key]> };
}

/** The same, or null if nothing is left. */
export function presentOrNull<Members extends Record<string, unknown>>(members: Members) {
  const found = present(members);
  return Object.keys(found).length > 0 ? found : null;
}

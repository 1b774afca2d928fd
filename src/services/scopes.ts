/** What a credential may do. One table for API keys and, later, OAuth tokens. */
export const scopes = {
  "account:read": "See the account and its usage.",
  "templates:read": "List and read templates.",
  "templates:write": "Create, change, archive and delete templates.",
  "passes:read": "List, read, preview and download passes.",
  "passes:write": "Issue, change and void passes and their links.",
  "images:read": "List and read images.",
  "images:write": "Upload and delete images.",
  "apple:read": "See Apple certificates and what devices logged.",
  "apple:manage": "Request, import and remove Apple certificates.",
  "google:read": "See the account at Google and what its check found.",
  "google:manage": "Connect, check and disconnect the account at Google.",
  "events:read": "List events.",
  "logs:read": "See the requests that the account's keys made.",
  "audit:read": "See who changed what.",
  "keys:manage": "List, make, rotate and revoke API keys.",
} as const;

export type Scope = keyof typeof scopes;
export const allScopes = Object.keys(scopes) as Scope[];

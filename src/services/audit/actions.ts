/** What can be done to what, each with what the object's id is an id of. Where an event tells of the same, it has the same name. */
export const auditActions = {
  "template.created": "template",
  "template.updated": "template",
  "template.deleted": "template",
  "pass.created": "pass",
  "pass.updated": "pass",
  "pass.voided": "pass",
  // A link is named by its pass: its token opens the pass, so it stands in no log.
  "link.created": "pass",
  "link.revoked": "pass",
  "image.uploaded": "image",
  "image.deleted": "image",
  "api_key.created": "apiKey",
  "api_key.rotated": "apiKey",
  "api_key.revoked": "apiKey",
  "certificate_request.created": "appleCertificateRequest",
  "certificate_request.deleted": "appleCertificateRequest",
  "certificate.activated": "appleCertificate",
  "certificate.made_default": "appleCertificate",
  "certificate.removed": "appleCertificate",
  "sandbox_certificate.issued": "appleCertificate",
  "google_account.connected": "googleAccount",
  "google_account.checked": "googleAccount",
  "google_account.disconnected": "googleAccount",
  "tenant.created": "tenant",
  "tenant.updated": "tenant",
  "tenant.suspended": "tenant",
  "tenant.resumed": "tenant",
  "tenant.deleted": "tenant",
  "tenant.purged": "tenant",
  "showcase.updated": "tenant",
} as const satisfies Record<string, string>;

export type AuditAction = keyof typeof auditActions;
export type AuditedObject = (typeof auditActions)[AuditAction];

export const auditedObjects = [...new Set(Object.values(auditActions))] as [AuditedObject, ...AuditedObject[]];

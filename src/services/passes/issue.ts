import { and, eq, sql, type SQLWrapper } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { isConstraintFailure, runBatch, valueIf, type BatchStatement } from "../../db/client";
import {
  appleIdentities,
  googleAccounts,
  links,
  passes,
  templateVersions,
  templates,
  type CustomerRow,
  type PassRow,
} from "../../db/data-schema";
import { newAuthenticationToken, newLinkToken } from "../../db/tokens";
import type { Values } from "../../pass-model/expressions";
import type { PassOverrides } from "../../pass-model/overrides";
import { checkOverrides, checkResolved, checkValues, resolvePass } from "../../pass-model/resolve";
import type { ResolvedPass } from "../../pass-model/resolved-pass";
import { auditRow } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import { actorName, type TenantContext } from "../context";
import { readCustomer, upsertCustomer, type CustomerInput } from "../customers/upsert";
import { ServiceError, notFound, refuseIssues } from "../errors";
import { eventRow, nextEventSeq } from "../events/record";
import { countUses, imagesExist, shownImages } from "../images/uses";
import { contentBytesMax, sizeIssues } from "../size";
import { cachedVersion, loadVersion, type LoadedVersion } from "../templates/load";
import { ownImagesOf, takeOwnImages } from "./own-images";
import { readPass, recordOf } from "./read";
import type { Certificate } from "./signable";
import { pictureIsGone } from "./store-next";
import { replacePass } from "./update";
import { viewPass, type PassView } from "./view";

interface IssueInput {
  templateId: string;
  externalId?: string | undefined;
  customer?: CustomerInput | undefined;
  values: Record<string, unknown>;
  overrides: PassOverrides;
}

/**
 * Issues a pass: reads the template, then one batch with pass, link, customer and event. A second
 * pass of the same `externalId` is refused (`external_id_taken`) or, with `upsert`, replaces the first's content.
 */
export const issuePass = (ctx: TenantContext, input: IssueInput, upsert: boolean): Promise<IssuedPass> =>
  orDone(
    ctx,
    ctx.data,
    () => issue(ctx, input, upsert),
    async (id) => ({ view: viewPass(ctx, await readPass(ctx, id)), created: id === ctx.newId("pass") }),
  );

interface IssuedPass {
  view: PassView;
  /** Whether there is a pass more. */
  created: boolean;
}

async function issue(ctx: TenantContext, input: IssueInput, upsert: boolean): Promise<IssuedPass> {
  if (upsert && input.externalId !== undefined) {
    // The pass that is there is judged by its own version and outlives its template's archiving, so it comes first.
    const existing = await findByExternalId(ctx, input);
    if (existing) return replaceExisting(ctx, existing, input);
  }
  const template = await readForIssue(ctx, input.templateId);
  for (let attempt = 1; ; attempt += 1) {
    const prepared = await prepareIssue(ctx, input, template);
    try {
      const stored = await runBatch<CustomerRow[]>(ctx.data, issueStatements(ctx, prepared, input.customer));
      const customer = (input.customer && stored?.[0]) ?? null;
      const { version, identity, googleIssuerId } = template;
      const file = { pass: prepared.pass, version, customer, identity, googleObject: null, googleIssuerId };
      return { view: viewPass(ctx, file, prepared.resolved), created: true };
    } catch (error) {
      if (isConstraintFailure(error, "NOT NULL", "passes.template_version"))
        throw await whyTemplateIsGone(ctx, input.templateId);
      if (isConstraintFailure(error, "UNIQUE", "passes.external_id")) return onTakenExternalId(ctx, input, upsert);
      // The next round stores a picture that came whole once more, and refuses one that came by its id.
      if (!pictureIsGone(error) || attempt === attemptsMax) throw error;
    }
  }
}

/** Of pictures that come and go at the same time; more than two rounds are no accident. */
const attemptsMax = 3;

interface PreparedIssue {
  pass: PassRow;
  resolved: ResolvedPass;
  /** Rows of its pictures. */
  statements: BatchStatement[];
}

/** Checks the whole pass, and then stores its pictures. */
async function prepareIssue(ctx: TenantContext, input: IssueInput, template: TemplateForIssue): Promise<PreparedIssue> {
  const { compiled, images } = template.version;
  const pass = newPass(ctx, input, template);
  const own = await takeOwnImages(ctx, input.overrides, { overrides: {}, images: null });
  const large = sizeIssues([input.values, { ...input.overrides, images: null }], contentBytesMax, "#");
  refuseIssues(
    [...checkValues(compiled, input.values), ...checkOverrides(compiled, input.overrides), ...own.issues, ...large],
    "pass",
  );
  const result = resolvePass(compiled, recordOf(pass), ctx.tenant, images);
  if (!result.ok) refuseIssues(result.issues, "pass");
  const resolved = (result as { pass: ResolvedPass }).pass;
  refuseIssues(checkResolved(resolved, input.overrides), "pass");
  pass.expiresAt = resolved.expiresAt === null ? null : Date.parse(resolved.expiresAt);
  const placed = await own.place();
  pass.overrides = placed.overrides;
  pass.images = placed.images;
  const shown = { ...images, ...ownImagesOf(placed) };
  return { pass, resolved: { ...resolved, images: shown }, statements: placed.statements };
}

interface TemplateForIssue {
  id: string;
  versionNumber: number;
  version: LoadedVersion;
  identity: Certificate | null;
  passTypeIdentifier: string | null;
  teamIdentifier: string | null;
  googleIssuerId: string | null;
}

const named = alias(appleIdentities, "named");
const byDefault = alias(appleIdentities, "by_default");

/** The template with the Apple identity that its passes are issued under: the one it names, or the account's default. */
async function readForIssue(ctx: TenantContext, id: string): Promise<TemplateForIssue> {
  const [row] = await ctx.data
    .select({
      status: templates.status,
      version: templates.version,
      named: {
        passTypeIdentifier: named.passTypeIdentifier,
        teamIdentifier: named.teamIdentifier,
        notAfter: named.notAfter,
        nfc: named.nfc,
      },
      byDefault: {
        passTypeIdentifier: byDefault.passTypeIdentifier,
        teamIdentifier: byDefault.teamIdentifier,
        notAfter: byDefault.notAfter,
        nfc: byDefault.nfc,
      },
      googleIssuerId: googleAccounts.issuerId,
    })
    .from(templates)
    .leftJoin(
      named,
      and(eq(named.tenantId, templates.tenantId), eq(named.passTypeIdentifier, templates.passTypeIdentifier)),
    )
    .leftJoin(byDefault, and(eq(byDefault.tenantId, templates.tenantId), eq(byDefault.isDefault, true)))
    .leftJoin(googleAccounts, eq(googleAccounts.tenantId, templates.tenantId))
    .where(and(eq(templates.tenantId, ctx.tenant.id), eq(templates.id, id)));
  if (!row || row.status === "deleted") throw unknownTemplate();
  if (row.status === "archived") throw archived();
  const cached = cachedVersion(ctx.tenant.id, id, row.version);
  const version = cached ?? (await readVersion(ctx, id, row.version));
  const identity = row.named ?? row.byDefault;
  return {
    id,
    versionNumber: row.version,
    version,
    identity,
    passTypeIdentifier: identity?.passTypeIdentifier ?? null,
    teamIdentifier: identity?.teamIdentifier ?? null,
    googleIssuerId: row.googleIssuerId,
  };
}

async function readVersion(ctx: TenantContext, id: string, version: number): Promise<LoadedVersion> {
  const [row] = await ctx.data
    .select()
    .from(templateVersions)
    .where(
      and(
        eq(templateVersions.tenantId, ctx.tenant.id),
        eq(templateVersions.templateId, id),
        eq(templateVersions.version, version),
      ),
    );
  if (!row) throw notFound("template");
  return loadVersion(row);
}

function newPass(ctx: TenantContext, input: IssueInput, template: TemplateForIssue): PassRow {
  return {
    tenantId: ctx.tenant.id,
    id: ctx.newId("pass"),
    templateId: template.id,
    templateVersion: template.versionNumber,
    customerId: input.customer?.id ?? null,
    externalId: input.externalId ?? null,
    passTypeIdentifier: template.passTypeIdentifier,
    teamIdentifier: template.teamIdentifier,
    authenticationToken: newAuthenticationToken(),
    linkToken: newLinkToken(ctx.tenant.code),
    fieldValues: input.values as Values,
    overrides: input.overrides,
    announcement: null,
    version: 1,
    change: { kind: "issued", pointers: [], at: ctx.now, by: actorName(ctx.actor) },
    createdAt: ctx.now,
    updatedAt: ctx.now,
    updatedBy: actorName(ctx.actor),
    expiresAt: null,
    voidedAt: null,
    lapsesAt: null,
    externalSlot: null,
    revision: 0,
    images: null,
    appleActive: 0,
    appleTotal: 0,
    firstInstalledAt: null,
    personalizedAt: null,
    googleActive: 0,
    googleTotal: 0,
    googleCountedSeq: 0,
    googleRecent: null,
    googleSettled: 0,
  };
}

function issueStatements(
  ctx: TenantContext,
  { pass, statements }: PreparedIssue,
  customer: CustomerInput | undefined,
): BatchStatement[] {
  const { lapsesAt: _, externalSlot: __, ...row } = pass;
  const shown = shownImages(ownImagesOf(pass));
  // NULL, and so a failed batch, if the template was archived or deleted since it was read.
  const stillActive = sql<number>`(
    select ${pass.templateVersion} from ${templates}
    where ${templates.tenantId} = ${pass.tenantId} and ${templates.id} = ${pass.templateId} and ${templates.status} = 'active'
  )`;
  const changes = [
    { pointer: "#/templateId", to: pass.templateId },
    { pointer: "#/templateVersion", to: pass.templateVersion },
  ];
  return [
    auditRow(ctx, ctx.data, { action: "pass.created", objectId: pass.id, changes }),
    ...(customer ? [upsertCustomer(ctx, customer)] : []),
    ...statements,
    ctx.data.insert(passes).values({
      ...row,
      templateVersion: stillActive,
      // A first certificate may have come since the template was read, and adopts no pass that comes after it.
      ...(pass.passTypeIdentifier === null && {
        passTypeIdentifier: ofDefaultIdentity(pass, appleIdentities.passTypeIdentifier),
        teamIdentifier: ofDefaultIdentity(pass, appleIdentities.teamIdentifier),
      }),
      revision: nextEventSeq(pass.tenantId),
      // NULL, and so a failed batch, if one of its pictures was deleted since it was read.
      ...(shown.length > 0 && { overrides: valueIf(imagesExist(pass.tenantId, shown), JSON.stringify(row.overrides)) }),
    }),
    ...countUses(ctx, "passUses", shown, 1),
    ctx.data.insert(links).values({
      tenantId: pass.tenantId,
      token: pass.linkToken!,
      passId: pass.id,
      createdAt: ctx.now,
      revokedAt: null,
      former: false,
    }),
    eventRow(ctx, { type: "pass.created", passId: pass.id, templateId: pass.templateId, data: { version: 1 } }),
    // Last, for its rows are the batch's answer: members that this request left out are as they were.
    ...(customer ? [readCustomer(ctx, customer.id)] : []),
  ];
}

const ofDefaultIdentity = ({ tenantId }: PassRow, column: SQLWrapper) => sql<string | null>`(
  select ${column} from ${appleIdentities} where ${appleIdentities.tenantId} = ${tenantId} and ${appleIdentities.isDefault} = 1
)`;

async function onTakenExternalId(ctx: TenantContext, input: IssueInput, upsert: boolean): Promise<IssuedPass> {
  const existing = await findByExternalId(ctx, input);
  if (existing === null) {
    throw new ServiceError("temporarily_unavailable", "The pass of this externalId was voided just now.", {
      retryAfterSeconds: 1,
    });
  }
  if (upsert) return replaceExisting(ctx, existing, input);
  const detail = `The pass ${existing} of this template has this externalId. Use ?upsert=true to replace its content.`;
  throw new ServiceError("external_id_taken", detail, { extra: { passId: existing } });
}

/** Id of the template's pass with this externalId that is not voided. */
async function findByExternalId(ctx: TenantContext, { templateId, externalId }: IssueInput): Promise<string | null> {
  const [existing] = await ctx.data
    .select({ id: passes.id })
    .from(passes)
    .where(
      and(
        eq(passes.tenantId, ctx.tenant.id),
        eq(passes.externalId, externalId!),
        eq(passes.templateId, templateId),
        eq(passes.externalSlot, ""),
      ),
    );
  return existing?.id ?? null;
}

async function replaceExisting(ctx: TenantContext, id: string, input: IssueInput): Promise<IssuedPass> {
  // Under an Idempotency-Key, the one that an attempt before made.
  if (id === ctx.newId("pass")) return { view: viewPass(ctx, await readPass(ctx, id)), created: true };
  const { values, overrides, customer } = input;
  return { view: await replacePass(ctx, id, { values, overrides, customer }, null), created: false };
}

async function whyTemplateIsGone(ctx: TenantContext, id: string): Promise<ServiceError> {
  const [row] = await ctx.data
    .select({ status: templates.status })
    .from(templates)
    .where(and(eq(templates.tenantId, ctx.tenant.id), eq(templates.id, id)));
  return row?.status === "archived" ? archived() : unknownTemplate();
}

const archived = () => new ServiceError("template_archived", "The template is archived: no passes are issued from it.");

const unknownTemplate = () => notFound("template");

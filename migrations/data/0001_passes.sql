create table templates (
  tenant_id text not null,
  id text not null,
  name text not null,
  style text not null,
  status text not null,
  version integer not null,
  created_at integer not null,
  updated_at integer not null,
  -- Deleted templates stay, for passes pin their versions; lists pass them by.
  listed integer generated always as (status <> 'deleted') virtual,
  primary key (tenant_id, id)
) without rowid;

create index templates_listed on templates (tenant_id, listed, id);

create table template_versions (
  tenant_id text not null,
  template_id text not null,
  version integer not null,
  design text not null,
  images text not null,
  pack_hash text not null,
  created_at integer not null,
  created_by text not null,
  primary key (tenant_id, template_id, version)
) without rowid;

create table images (
  tenant_id text not null,
  id text not null,
  sha256 text not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  created_at integer not null,
  primary key (tenant_id, id)
) without rowid;

create table apple_identities (
  tenant_id text not null,
  pass_type_identifier text not null,
  team_identifier text not null,
  certificate text not null,
  issuer_certificate text not null,
  private_key text not null,
  nfc integer not null,
  is_default integer not null,
  not_after integer not null,
  created_at integer not null,
  primary key (tenant_id, pass_type_identifier)
) without rowid;

create table customers (
  tenant_id text not null,
  id text not null,
  name text,
  email text,
  phone text,
  segments text not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (tenant_id, id)
) without rowid;

create table passes (
  tenant_id text not null,
  id text not null,
  template_id text not null,
  template_version integer not null,
  customer_id text,
  external_id text,
  pass_type_identifier text,
  team_identifier text,
  authentication_token text not null,
  link_token text,
  field_values text not null,
  overrides text not null,
  announcement text,
  version integer not null,
  change text not null,
  created_at integer not null,
  updated_at integer not null,
  updated_by text not null,
  expires_at integer,
  voided_at integer,
  -- When the pass stops being active, for lists by status: voided first, never last.
  lapses_at integer generated always as (
    case when voided_at is not null then -9007199254740991 else coalesce(expires_at, 9007199254740991) end
  ) virtual,
  -- Makes an externalId unique among a template's passes that are not voided.
  external_slot text generated always as (case when voided_at is null then '' else id end) virtual,
  primary key (tenant_id, id)
) without rowid;

create index passes_by_template on passes (tenant_id, template_id, lapses_at, id);
create index passes_by_lapse on passes (tenant_id, lapses_at, id);
create index passes_by_update on passes (tenant_id, updated_at, id);
create index passes_by_customer on passes (tenant_id, customer_id, lapses_at, id) where customer_id is not null;
create unique index passes_by_external_id on passes (tenant_id, external_id, template_id, external_slot)
  where external_id is not null;

create table pass_versions (
  tenant_id text not null,
  pass_id text not null,
  version integer not null,
  template_version integer not null,
  field_values text not null,
  overrides text not null,
  change text not null,
  changed_at integer not null,
  changed_by text not null,
  primary key (tenant_id, pass_id, version)
) without rowid;

create table links (
  tenant_id text not null,
  token text not null,
  pass_id text not null,
  created_at integer not null,
  revoked_at integer,
  -- 1 once another link stands in the pass's answers, or it was revoked; the present one stands in the pass.
  former integer not null,
  primary key (tenant_id, token)
) without rowid;

create index links_former on links (tenant_id, pass_id, created_at) where former = 1;

-- The ledger of a tenant: what happened, in the order in which it was committed, with running totals. A row is
-- never changed; whoever trims old ones keeps the newest, from which the next one counts on.
create table events (
  tenant_id text not null,
  seq integer not null,
  -- Its last 16 digits are seq.
  id text not null,
  type text not null,
  pass_id text,
  template_id text,
  data text not null,
  actor text not null,
  request_id text not null,
  created_at integer not null,
  templates integer not null,
  passes_issued integer not null,
  passes_updated integer not null,
  passes_voided integer not null,
  primary key (tenant_id, seq)
) without rowid;

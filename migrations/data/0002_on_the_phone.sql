-- Installed passes. A device asks what changed since a revision: the number of the event of the pass's last
-- change, so it is in the order of commits (see events).
alter table passes add column revision integer not null default 0;
-- Pictures of this pass alone: slot → density → image, as template_versions.images; null if it has none.
alter table passes add column images text;
alter table passes add column apple_active integer not null default 0;
alter table passes add column apple_total integer not null default 0;
alter table passes add column first_installed_at integer;
alter table passes add column personalized_at integer;

-- What a person enters who enrols in Wallet.
alter table customers add column postal_code text;
alter table customers add column country_code text;

alter table events add column installs_active integer not null default 0;
alter table events add column installs_total integer not null default 0;

-- A device as PassKit names it (deviceLibraryIdentifier), with where to push to. It goes with its last registration.
create table devices (
  tenant_id text not null,
  id text not null,
  push_token text not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (tenant_id, id)
) without rowid;

create table registrations (
  tenant_id text not null,
  device_id text not null,
  pass_type_identifier text not null,
  pass_id text not null,
  -- Number of the event of this registration: a pass that changed between its download and this is listed once more.
  revision integer not null,
  created_at integer not null,
  primary key (tenant_id, device_id, pass_type_identifier, pass_id)
) without rowid;

-- Whom to tell of a change of a pass.
create index registrations_by_pass on registrations (tenant_id, pass_id, device_id);

-- What devices complained of, the newest thousand of a tenant.
create table apple_logs (
  tenant_id text not null,
  seq integer not null,
  message text not null,
  created_at integer not null,
  primary key (tenant_id, seq)
) without rowid;

-- A device knows the tenant's code and the pass type; so its call finds identity and pass in one read.
alter table apple_identities add column tenant_code text;
alter table apple_identities add column not_before integer not null default 0;
-- Days before expiry of the last warning that was given; null if none was.
alter table apple_identities add column expiry_warned_days integer;
-- Until now only sandbox identities exist, and their type ends in the code.
update apple_identities set tenant_code = upper(substr(pass_type_identifier, 21))
  where pass_type_identifier like 'pass.sandbox.wepass.%';
create unique index apple_identities_by_code on apple_identities (tenant_code, pass_type_identifier);
-- When the next warning is due: 60, 30, 7 and 1 days before expiry; null once there is none to come.
alter table apple_identities add column warn_at integer generated always as (not_after - 86400000 * case
  when expiry_warned_days is null then 60
  when expiry_warned_days > 30 then 30
  when expiry_warned_days > 7 then 7
  when expiry_warned_days > 1 then 1
end) virtual;
-- Set while passes that were issued before the account had a certificate get theirs: the id up to which they have it.
alter table apple_identities add column adopted_to text;
-- What cron looks for.
create index apple_identities_by_warning on apple_identities (warn_at) where warn_at is not null;
create index apple_identities_adopting on apple_identities (adopted_to) where adopted_to is not null;

-- The pass type that a template's passes are issued under; null for the tenant's default.
alter table templates add column pass_type_identifier text;

-- Key pairs that wait for, or got, their certificate from Apple.
create table apple_certificate_requests (
  tenant_id text not null,
  id text not null,
  -- PEM of the PKCS#10 request.
  csr text not null,
  -- Envelope around PKCS#8; erased once the certificate is there, whose identity then holds it.
  private_key text,
  status text not null,
  pass_type_identifier text,
  created_at integer not null,
  completed_at integer,
  primary key (tenant_id, id)
) without rowid;

alter table images add column media_type text not null default 'image/png';
-- 1 for a picture of one person's pass: it is cached briefly.
alter table images add column personal integer not null default 0;
-- How many template versions and how many passes that are not voided show it.
alter table images add column template_uses integer not null default 0;
alter table images add column pass_uses integer not null default 0;
-- Derived pictures that are stored beside it: slot → density → {width, height, sha256}.
alter table images add column variants text not null default '{}';
-- Since when its objects are being erased. The image is gone then; its row stays until nobody can be storing it.
alter table images add column deleting_at integer;
-- What cron looks for.
create index images_by_deletion on images (deleting_at) where deleting_at is not null;
update images set template_uses = (
  select count(*) from template_versions
  where template_versions.tenant_id = images.tenant_id and instr(template_versions.images, images.id) > 0
);

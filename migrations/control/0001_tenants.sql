-- Facts of the deployment itself: the sandbox authority, the fingerprint of the master key.
create table deployment (
  name text primary key not null,
  value text not null
) without rowid;

create table tenants (
  id text primary key not null,
  -- Eight characters that stand inside key ids and link tokens; never changes.
  code text not null unique,
  name text not null,
  public_uri text,
  locale text not null,
  time_zone text not null,
  plan text not null,
  status text not null,
  -- Grows with each change that a cached credential must not outlive.
  credential_epoch integer not null,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  -- Until then a chain of queue messages is erasing what the tenant owned.
  purge_leased_until integer,
  purged_at integer
) without rowid;

create index tenants_unpurged on tenants (deleted_at) where deleted_at is not null and purged_at is null;

create table credentials (
  key_id text primary key not null,
  tenant_id text not null,
  id text not null,
  kind text not null,
  name text not null,
  secret_hash text not null,
  scopes text not null,
  created_at integer not null,
  expires_at integer,
  revoked_at integer,
  rotated_to text
) without rowid;

create unique index credentials_by_tenant on credentials (tenant_id, id);

-- The issuers at Google whose callbacks a tenant hears: the one that it is connected to, and those before.
create table google_issuers (
  tenant_id text not null,
  issuer_id text not null,
  connected_at integer not null,
  primary key (tenant_id, issuer_id)
) without rowid;

-- How a sign-up page gets what a person let Google send: 'query', or 'token', which the page exchanges once.
alter table tenants add column signup_prefill text not null default 'query';

-- The account at Google that a tenant's passes are issued under. In a sandbox a tenant without a row has a made-up one.
create table google_accounts (
  tenant_id text not null primary key,
  -- Decimal, as Google writes it.
  issuer_id text not null,
  client_email text not null,
  private_key_id text,
  -- Envelope around PKCS#8.
  private_key text not null,
  -- Lowercase hex SHA-256 of the public key: with the address, what quota and token are kept by.
  key_fingerprint text not null,
  -- 'skinny', or 'fat' where links may carry the whole pass.
  save_link text not null,
  created_at integer not null,
  updated_at integer not null,
  checked_at integer,
  -- What the latest check found, as JSON.
  findings text
) without rowid;

-- Classes that Google has. They never change: their id holds a hash of their content.
create table google_classes (
  tenant_id text not null,
  id text not null,
  template_id text not null,
  template_version integer not null,
  created_at integer not null,
  primary key (tenant_id, id)
) without rowid;

-- A pass on Google's side, from when its holder first asked for it.
create table google_objects (
  tenant_id text not null,
  pass_id text not null,
  -- issuerId.passId: of the issuer under which it was made.
  id text not null,
  -- Decided when it was made; a pass never moves to another.
  vertical text not null,
  -- The class that Google knows it under; null until it is there.
  class_id text,
  -- The version of the pass that Google has; 0 until it is there.
  synced_version integer not null default 0,
  synced_at integer,
  -- 1 while it was only handed out within a link: Google has it from when that link was saved.
  in_link integer not null default 0,
  -- When Google has to be told next: now, after a change, or in future, when the pass expires.
  due_at integer,
  -- Until when one consumer has it to itself.
  leased_until integer,
  -- Until when cron leaves it to the message that it has sent.
  enqueued_until integer,
  -- How often in a row Google did not take it, and why not the last time: {code, detail, at}, as JSON.
  failures integer not null default 0,
  failure text,
  -- Of the latest delivery, as JSON.
  warnings text not null default '[]',
  -- Texts that updates announce and Google was not told yet: field key → text, as JSON.
  announced text not null default '{}',
  -- The latest texts that Google was told, which every update sends along, as JSON.
  messages text not null default '[]',
  -- When notifying messages were sent, those of the latest 24 hours, as JSON.
  notified_at text not null default '[]',
  created_at integer not null,
  -- When cron looks after it: half a minute after it was due, unless a message is under way.
  sweep_at integer generated always as (
    case when due_at is not null then max(due_at + 30000, coalesce(enqueued_until, 0)) end
  ) virtual,
  primary key (tenant_id, pass_id)
) without rowid;

create index google_objects_by_sweep on google_objects (sweep_at) where sweep_at is not null;

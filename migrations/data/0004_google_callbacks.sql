-- What Google's callbacks tell: who added a pass to Google Wallet, and who removed it.
alter table passes add column google_active integer not null default 0;
alter table passes add column google_total integer not null default 0;
-- Number of the latest event that these two count: an event counts once, in the batch that writes it.
alter table passes add column google_counted_seq integer not null default 0;
-- Messages can come in another order than they were sent in: those that one may still come before, as JSON [[expiry, 1 or -1]]
-- in the order of expiries, and the count before them.
alter table passes add column google_recent text;
alter table passes add column google_settled integer not null default 0;

-- Totals of a template's passes, in both wallets.
alter table templates add column passes_installed integer not null default 0;
alter table templates add column installs_active integer not null default 0;
alter table templates add column installs_total integer not null default 0;
update templates set (passes_installed, installs_active, installs_total) = (
  select count(first_installed_at), coalesce(sum(apple_active), 0), coalesce(sum(apple_total), 0) from passes
  where passes.tenant_id = templates.tenant_id and passes.template_id = templates.id
);

-- What an event was made of, where that can come twice: of a callback, issuer and nonce.
alter table events add column source text;
create unique index events_by_source on events (tenant_id, source) where source is not null;
-- Passes that were installed at least once; null where a Worker wrote that did not count them, and then the next event
-- counts anew.
alter table events add column passes_installed integer;

-- What was heard of each class.
create table google_class_callbacks (
  tenant_id text not null,
  class_id text not null,
  saves integer not null,
  removals integer not null,
  -- Of passes that are not ours, or of a kind that we do not know.
  unmatched integer not null,
  last_at integer not null,
  primary key (tenant_id, class_id)
) without rowid;

-- When Google's own view of a pass (hasUsers) was last compared with our count.
alter table google_objects add column reconciled_at integer;
-- What that found to have been missed: 'save' or 'removal'; null if nothing.
alter table google_objects add column drift text;
-- When it is compared next: a day later.
alter table google_objects add column reconcile_at integer generated always as (
  case when synced_version > 0 and in_link = 0 then coalesce(reconciled_at, created_at) + 86400000 end
) virtual;
-- Of passes that were saved before we heard of it, Google's view says nothing of a missed callback: they are never compared.
update google_objects set reconciled_at = 9007199168340991 where synced_version > 0;
create index google_objects_by_reconcile on google_objects (reconcile_at) where reconcile_at is not null;
create index google_objects_drifting on google_objects (tenant_id, drift) where drift is not null;

-- What a person let Google send to a sign-up page, until that page fetches it, once.
create table signup_prefills (
  tenant_id text not null,
  -- SHA-256 of the token, hex.
  token_hash text not null,
  -- Envelope around the values, as JSON.
  sealed text not null,
  expires_at integer not null,
  primary key (tenant_id, token_hash)
) without rowid;
create index signup_prefills_by_expiry on signup_prefills (expires_at);

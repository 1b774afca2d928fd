-- An account's own limits; null: those of its plan.
alter table tenants add column requests_per_minute integer;
alter table tenants add column requests_per_day integer;

-- Who changed what here: of accounts and keys. What is changed in the data database stands in the table of the same name there.
create table audit_log (
  tenant_id text not null,
  -- Begins with its time; under an Idempotency-Key it derives from the key, so that the same change is not written twice.
  id text not null,
  at integer not null,
  -- Id of the key, or admin, or system.
  actor text not null,
  action text not null,
  object_type text not null,
  object_id text not null,
  -- IP address from which it was asked for; null for what nobody asked for.
  address text,
  request_id text not null,
  -- JSON [{pointer, from, to}]; the values only of what is never personal.
  changes text not null,
  primary key (tenant_id, id)
) without rowid;
create index audit_log_by_object on audit_log (tenant_id, object_id, id);
create index audit_log_by_actor on audit_log (tenant_id, actor, id);
create trigger audit_log_is_final before update on audit_log begin
  select raise(abort, 'the audit log is only appended to');
end;

-- Addresses that tried many link tokens that do not exist.
create table blocked_networks (
  -- MAC of an IPv4 address or of the /64 of an IPv6 address, hex.
  network text primary key not null,
  blocked_until integer not null
) without rowid;
create index blocked_networks_by_end on blocked_networks (blocked_until);

-- Who changed what of the tenant's data, written in the batch of the change; it begins that batch, so that a change that an
-- Idempotency-Key names is not made twice. Of accounts and keys: the table of the same name in the control database.
create table audit_log (
  tenant_id text not null,
  -- Begins with its time; under an Idempotency-Key it derives from the key.
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

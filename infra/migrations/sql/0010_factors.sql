-- What somebody has beside a password: passkeys, authenticator apps, and one set of backup codes.

create table web.account_factors (
  -- 256 random bits, base64url.
  id text primary key,
  account_id text not null references web.accounts on delete cascade,
  kind text not null constraint factor_kind_known check (kind in ('passkey', 'totp', 'backup-codes')),
  -- What its owner calls it, sealed (`record`); null for backup codes.
  name text,
  -- Of a passkey: what the authenticator calls it (base64url), the public key (COSE, base64url), the highest count of
  -- signatures it has shown (0 for ever where it does not count), and how it can be reached.
  credential_id text unique,
  public_key text,
  sign_count bigint,
  transports text[],
  -- Of an authenticator app: the secret, sealed (`record`), and the last step of 30 seconds whose code was taken: none
  -- is taken twice.
  secret text,
  last_step bigint,
  added_at timestamptz not null default now(),
  last_used_at timestamptz,
  constraint factor_complete check (
    case kind
      when 'passkey' then num_nulls(name, credential_id, public_key, sign_count, transports) = 0
      when 'totp' then num_nulls(name, secret, last_step) = 0
      else true
    end
  )
);
create index account_factors_of_account on web.account_factors (account_id);
create unique index account_factors_backup_codes on web.account_factors (account_id) where kind = 'backup-codes';

-- The codes of a set. Each can be used once.
create table web.backup_codes (
  set_id text not null references web.account_factors on delete cascade,
  -- Keyed hash of account and code, under the key that was newest when it was made.
  code_hash text not null,
  used_at timestamptz,
  primary key (set_id, code_hash)
);

grant select, insert, update, delete on web.account_factors, web.backup_codes to anteroom_web;

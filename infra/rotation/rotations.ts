import type { Service } from '../local/settings-upload.ts'
import {
  type Change,
  type FreshKeys,
  kmsChanges,
  listChanges,
  withProxyPassword,
  withVendorToken,
} from './change-keys.ts'

/** How one key is replaced. The runbook is written from this, and a test does it. */
export interface Rotation {
  /** As the runbook calls it. */
  readonly name: string
  readonly about: string
  readonly steps: readonly Step[]
}

export interface Step {
  readonly text: string
  /** Must be so before the step is taken. */
  readonly when?: Condition
  /** The settings that change. The services are restarted: one process after the other, each before the next has gone. */
  readonly changes?: Partial<Readonly<Record<Service, Change>>>
  /** What others change on their side. */
  readonly outside?: Outside
}

/** Who came before the last step has left; or {@link sealsByKey} names the new key alone. */
export type Condition = 'visits-over' | 'one-session-encryption-key' | 'one-kms-key'

export type Outside =
  | 'kms-key-disabled'
  | 'vendors-take-both'
  | 'vendors-take-new'
  | 'proxy-takes-both'
  | 'proxy-takes-new'

/** All that is sealed in Postgres, by the keys that sealed it. For an administrator of the database. */
export const sealsByKey = `with sealed (place, message) as (
  select 'queue', payload ->> 'sealed' from graphile_worker._private_jobs
  union all select 'ledger', outcome::jsonb ->> 'sealed' from worker.ledger
  union all select 'vendor calls', reply from worker.vendor_calls
  union all select 'line', wire ->> 'sealed' from web.tickets
  union all select 'addresses', address from web.accounts
  union all select 'profiles', profile from web.accounts
  union all select 'factors', name from web.account_factors
  union all select 'factors', secret from web.account_factors
  union all select 'e-mail links', address from web.email_links
  union all select 'account orders', address from web.account_orders
  union all select 'security events', record from web.security_events
  union all select 'dead letters', wire ->> 'sealed' from worker.dead_letters
  union all select 'consumers', email from web.transfer_consumers
  union all select 'consumers', webhook_secret from web.transfer_consumers
  union all select 'consumers', webhook_secret_before from web.transfer_consumers
  union all select 'transfers', wish from web.transfers
  union all select 'transfers', result from web.transfers
), headers (place, part) as (
  select place, translate(split_part(message, '.', 1), '-_', '+/') from sealed where message is not null
), opened (place, header) as (
  select place, convert_from(decode(rpad(part, (length(part) + 3) / 4 * 4, '='), 'base64'), 'utf8')::jsonb from headers
)
select place, header ->> 'kid' as session_encryption_key, header ->> 'kek' as kms_key, count(*)
from opened group by 1, 2, 3 order by 1, 2, 3;`

const inAll = (change: Change) => ({ web: change, worker: change, ops: change })
const listed = ({ id, key }: FreshKeys) => [{ id, key }]

const sessionKeys = listChanges('session_encryption_keys', listed)
const cookieKeys = listChanges('cookie_keys', listed)
const fingerprintKeys = listChanges('fingerprint_keys', listed)
const openidKeys = listChanges('openid_signing_keys', ({ signing, rsa }) => [signing, rsa])
const credentialKeys = listChanges('credential_signing_keys', ({ signing }) => [signing])
const credentialPublicKeys = listChanges(
  'credential_public_keys',
  ({ signing: { d: _private, ...half } }) => [half],
)

const sessionRotation: Rotation = {
  name: '`session_encryption_keys`',
  about:
    'The application’s own half of every seal; payloads, results, sessions and what accounts keep are all under it.',
  steps: [
    {
      text: 'Add the new key behind the old one, for the web, the worker and operators. Restart both services.',
      changes: inAll(sessionKeys.addBehind),
    },
    {
      text: 'Put it first, in all three; restart both. From now on it seals, and the web seals anew what accounts keep and consumers are told by (`records.renewed`): at its start, and every ten minutes.',
      changes: inAll(sessionKeys.putFirst),
    },
    {
      text: 'Wait for `session_absolute_seconds` (12 hours), and until [nothing is sealed with the old one](#is-an-old-key-still-needed). Then remove it, in all three; restart both.',
      when: 'one-session-encryption-key',
      changes: inAll(sessionKeys.keepAlone),
    },
  ],
}

/** Of everything that is replaced at all. */
export const rotations: readonly Rotation[] = [
  {
    name: '`fingerprint_keys` of the web',
    about:
      'By these accounts are found again, and people and numbers are counted. They take `session_encryption_keys` along, because an address is hashed anew when it is sealed anew.',
    steps: [
      {
        text: 'Add the new key behind the old one; restart the web.',
        changes: { web: fingerprintKeys.addBehind },
      },
      { text: 'Put it first; restart the web.', changes: { web: fingerprintKeys.putFirst } },
      ...sessionRotation.steps.map((step, index) => ({
        ...step,
        text: `With \`session_encryption_keys\`, step ${index + 1}: ${step.text}`,
      })),
      {
        text: 'After the longest window (`attempt_window_seconds`, `ssn_window_seconds`), and [when no backup codes are left](#backup-codes-under-an-old-key) from before step 2, remove the old one; restart the web.',
        when: 'visits-over',
        changes: { web: fingerprintKeys.keepAlone },
      },
    ],
  },
  sessionRotation,
  {
    name: 'The KMS key',
    about:
      'AWS’s automatic rotation of a key’s material needs nothing of this. Give the new key the policy of the old one first.',
    steps: [
      {
        text: 'Add the new key to `kms_older_key_ids`, for the web, the worker and operators. Restart both services.',
        changes: inAll(kmsChanges.addBehind),
      },
      {
        text: 'Make it `kms_key_id`, and the old one an older one, in all three; restart both. The web seals anew what accounts keep and consumers are told by.',
        changes: inAll(kmsChanges.putFirst),
      },
      {
        text: 'Wait for `session_absolute_seconds`, and until [nothing is sealed with the old one](#is-an-old-key-still-needed). Then remove it, in all three; restart both.',
        when: 'one-kms-key',
        changes: inAll(kmsChanges.keepAlone),
      },
      {
        text: 'Disable the old key in KMS. Delete it a month later, when nobody has missed it, and no backup from before must open any more.',
        outside: 'kms-key-disabled',
      },
    ],
  },
  {
    name: '`cookie_keys`',
    about: 'They sign the cookies. The web alone has them.',
    steps: [
      {
        text: 'Add the new key behind the old one; restart the web.',
        changes: { web: cookieKeys.addBehind },
      },
      { text: 'Put it first; restart the web.', changes: { web: cookieKeys.putFirst } },
      {
        text: 'Remove the old one after a year; restart the web. Sooner, and everybody gets a new device cookie; after `session_absolute_seconds` at the earliest, or people are signed out.',
        when: 'visits-over',
        changes: { web: cookieKeys.keepAlone },
      },
    ],
  },
  {
    name: '`fingerprint_keys` of the worker',
    about: 'By these an image that failed is known again. They are not those of the web.',
    steps: [
      {
        text: 'Add the new key behind the old one; restart the worker.',
        changes: { worker: fingerprintKeys.addBehind },
      },
      { text: 'Put it first; restart the worker.', changes: { worker: fingerprintKeys.putFirst } },
      {
        text: 'After `session_absolute_seconds` remove the old one; restart the worker. Sooner, and photos that failed under it are read once more.',
        when: 'visits-over',
        changes: { worker: fingerprintKeys.keepAlone },
      },
    ],
  },
  {
    name: '`openid_signing_keys`',
    about: 'They sign what partners are told: one key on P-256, one RSA. The web alone has them.',
    steps: [
      {
        text: 'Add the new keys behind the old ones; restart the web. They are published, and sign nothing yet.',
        changes: { web: openidKeys.addBehind },
      },
      {
        text: 'Wait for a day, so that partners have read them. Put them first; restart the web.',
        changes: { web: openidKeys.putFirst },
      },
      {
        text: 'Wait for another day, so that no token from before is still to be checked. Remove the old ones; restart the web.',
        when: 'visits-over',
        changes: { web: openidKeys.keepAlone },
      },
    ],
  },
  {
    name: '`credential_signing_keys`',
    about:
      'The worker signs credentials and the list of revoked ones; the web publishes the public halves.',
    steps: [
      {
        text: 'Add the public half of the new key to the web’s `credential_public_keys`; restart the web.',
        changes: { web: credentialPublicKeys.addBehind },
      },
      {
        text: 'A day later, when whoever checks offline has read it, put the new key first in the worker’s `credential_signing_keys`; restart the worker. Within an hour the list of revoked credentials is signed with it.',
        changes: { worker: credentialKeys.putFirst },
      },
      {
        text: 'Remove the old private key from the worker; restart it.',
        changes: { worker: credentialKeys.keepAlone },
      },
      {
        text: 'Leave the old public half in the web for as long as a credential from before is valid. One whose private half is no secret any more is removed at once, and with it every credential it has signed.',
      },
    ],
  },
  {
    name: 'A vendor’s token',
    about:
      'Each of `resolution_token`, `state_id_token`, `address_token`, `documents_token`, `registry_token`; the worker alone has them.',
    steps: [
      {
        text: 'Have the vendor issue a second token, beside the one in use.',
        outside: 'vendors-take-both',
      },
      {
        text: 'Put it into the settings; restart the worker.',
        changes: { worker: withVendorToken },
      },
      { text: 'Have the vendor withdraw the old one.', outside: 'vendors-take-new' },
    ],
  },
  {
    name: 'The password of the outbound proxy',
    about: 'In `outbound_proxy_url`; the worker alone has it.',
    steps: [
      { text: 'Have the proxy take a second password.', outside: 'proxy-takes-both' },
      {
        text: 'Put it into `outbound_proxy_url`; restart the worker.',
        changes: { worker: withProxyPassword },
      },
      { text: 'Have the proxy forget the old one.', outside: 'proxy-takes-new' },
    ],
  },
]

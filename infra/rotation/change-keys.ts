import type { SigningKey } from '@anteroom/credential'
import type { Settings } from '../local/services.ts'

/** What comes in the place of the keys there are. */
export interface FreshKeys {
  /** Of a key in a list. */
  readonly id: string
  /** 256 random bits, base64url; also a token or a password. */
  readonly key: string
  readonly kmsKeyId: string
  /** On the curve P-256. */
  readonly signing: SigningKey
  /** Private, 2048 bits, as a JWK. */
  readonly rsa: object
}

export type Change = (settings: Settings, fresh: FreshKeys) => Settings

/** How a setting that lists keys, the newest first, changes in each step. */
export interface ListChanges {
  readonly addBehind: Change
  readonly putFirst: Change
  readonly keepAlone: Change
}

/** @param make The fresh keys of this list: one, or one of each kind. */
export function listChanges(
  setting: string,
  make: (fresh: FreshKeys) => readonly unknown[],
): ListChanges {
  const listed = (settings: Settings): readonly unknown[] => {
    const value = settings[setting]
    return Array.isArray(value) ? value : []
  }
  const older = (settings: Settings, fresh: FreshKeys) => {
    const made = make(fresh).map((key) => JSON.stringify(key))
    return listed(settings).filter((key) => !made.includes(JSON.stringify(key)))
  }
  return {
    addBehind: (settings, fresh) => ({
      ...settings,
      [setting]: [...listed(settings), ...make(fresh)],
    }),
    putFirst: (settings, fresh) => ({
      ...settings,
      [setting]: [...make(fresh), ...older(settings, fresh)],
    }),
    keepAlone: (settings, fresh) => ({ ...settings, [setting]: make(fresh) }),
  }
}

export const kmsChanges: ListChanges = {
  addBehind: (settings, { kmsKeyId }) => ({ ...settings, kms_older_key_ids: kmsKeyId }),
  putFirst: (settings, { kmsKeyId }) => ({
    ...settings,
    kms_key_id: kmsKeyId,
    kms_older_key_ids: settings.kms_key_id,
  }),
  keepAlone: ({ kms_older_key_ids: _gone, ...settings }) => settings,
}

export const withVendorToken: Change = (settings, { key }) => ({
  ...settings,
  ...Object.fromEntries(
    Object.keys(settings)
      .filter((name) => name.endsWith('_token'))
      .map((name) => [name, key]),
  ),
})

export const withProxyPassword: Change = (settings, { key }) => {
  const url = new URL(String(settings.outbound_proxy_url))
  url.password = key
  return { ...settings, outbound_proxy_url: url.href }
}

import { z } from 'zod'
import type { SecurityEventType } from './event-types.ts'
import type { HappeningFacts } from './happening.ts'
import type { WireProfile } from './receiver.ts'

/** How one event is written in one profile. */
export interface EventForm {
  /** The last part of its URI. */
  readonly name: string
  /** What its URI begins with. A path is one of ours, below the issuer. */
  readonly base: string
  /** By what the subject is named: the partner's name for the person, or an e-mail address. */
  readonly about: 'person' | 'address'
  /** What it says besides whom it is about. */
  readonly says: z.ZodRawShape
}

/** A form, and what it says this time. */
export interface FilledForm {
  readonly form: EventForm
  readonly said: Readonly<Record<string, unknown>>
}

const risc = 'https://schemas.openid.net/secevent/risc/event-type/'
const caep = 'https://schemas.openid.net/secevent/caep/event-type/'
const loginGov = 'https://schemas.login.gov/secevent/risc/event-type/'
const own = '/secevent/event-type/'

function form(
  base: string,
  name: string,
  { about = 'person', says = {} }: Partial<Pick<EventForm, 'about' | 'says'>> = {},
): EventForm {
  return { name, base, about, says }
}

/** When it happened, in seconds since the epoch. */
const eventTimestamp = { event_timestamp: z.int().positive() }

const shared = {
  enabled: form(risc, 'account-enabled'),
  purged: form(risc, 'account-purged'),
  identifierChanged: form(risc, 'identifier-changed', { about: 'address' }),
  identifierRecycled: form(risc, 'identifier-recycled', { about: 'address' }),
  recoveryActivated: form(risc, 'recovery-activated'),
  recoveryInformationChanged: form(risc, 'recovery-information-changed'),
}

const legacy = {
  disabled: form(risc, 'account-disabled', { says: { reason: z.literal('account-suspension') } }),
  codesExhausted: form(loginGov, 'mfa-limit-account-locked'),
  passwordReset: form(loginGov, 'password-reset'),
  reproofed: form(loginGov, 'reproof-completed'),
}

const today = {
  disabled: form(risc, 'account-disabled'),
  sessionRevoked: form(caep, 'session-revoked', { says: eventTimestamp }),
  credentialChange: form(caep, 'credential-change', {
    says: {
      ...eventTimestamp,
      credential_type: z.enum([
        'password',
        'fido2-platform',
        'fido2-roaming',
        'app',
        'backup-codes',
      ]),
      change_type: z.enum(['create', 'revoke', 'update', 'delete']),
    },
  }),
  assuranceLevelChange: form(caep, 'assurance-level-change', {
    says: {
      ...eventTimestamp,
      namespace: z.literal('NIST-IAL'),
      current_level: z.enum(['nist-ial1', 'nist-ial2']),
    },
  }),
  codesExhausted: form(own, 'mfa-limit-account-locked'),
}

/** Every form there is in a profile. */
export function eventForms(profile: WireProfile): readonly EventForm[] {
  return Object.values({ ...shared, ...(profile === 'login-gov' ? legacy : today) })
}

/** In which events a partner is told of something, in this order. `at`: seconds since the epoch. */
export function formsOf(
  profile: WireProfile,
  happening: HappeningFacts,
  at: number,
): readonly FilledForm[] {
  return profile === 'login-gov' ? inLegacy(happening.type) : inToday(happening, at)
}

function inLegacy(type: SecurityEventType): readonly FilledForm[] {
  const plain = (form: EventForm) => [{ form, said: {} }]
  switch (type) {
    case 'account-disabled':
      return [{ form: legacy.disabled, said: { reason: 'account-suspension' } }]
    case 'mfa-limit-account-locked':
      return plain(legacy.codesExhausted)
    case 'password-reset':
      return plain(legacy.passwordReset)
    case 'reproof-completed':
      return plain(legacy.reproofed)
    default:
      return plain(inBoth(type))
  }
}

type InBoth = Exclude<
  SecurityEventType,
  'account-disabled' | 'mfa-limit-account-locked' | 'password-reset' | 'reproof-completed'
>

function inBoth(type: InBoth): EventForm {
  switch (type) {
    case 'account-enabled':
      return shared.enabled
    case 'account-purged':
      return shared.purged
    case 'identifier-changed':
      return shared.identifierChanged
    case 'identifier-recycled':
      return shared.identifierRecycled
    case 'recovery-activated':
      return shared.recoveryActivated
    case 'recovery-information-changed':
      return shared.recoveryInformationChanged
  }
}

function inToday(happening: HappeningFacts, at: number): readonly FilledForm[] {
  const { type, credential, identityLevel = 2 } = happening
  const filled = (form: EventForm, said: FilledForm['said'] = {}) => ({ form, said })
  const changed = (credentialType: string, change: string) =>
    filled(today.credentialChange, {
      event_timestamp: at,
      credential_type: credentialType,
      change_type: change,
    })
  switch (type) {
    case 'account-disabled':
      return [filled(today.disabled), filled(today.sessionRevoked, { event_timestamp: at })]
    case 'mfa-limit-account-locked':
      return [filled(today.codesExhausted)]
    case 'password-reset':
      return [changed('password', credential?.change ?? 'update')]
    case 'reproof-completed':
      return [
        filled(today.assuranceLevelChange, {
          event_timestamp: at,
          namespace: 'NIST-IAL',
          current_level: `nist-ial${identityLevel}`,
        }),
      ]
    case 'recovery-information-changed':
      return [
        credential
          ? changed(credential.credential, credential.change)
          : filled(shared.recoveryInformationChanged),
      ]
    default:
      return [filled(inBoth(type))]
  }
}

/** As it stands in tokens of this issuer. */
export function eventUri({ base, name }: EventForm, issuer: string): string {
  return base.startsWith('/') ? `${issuer}${base}${name}` : `${base}${name}`
}

/** Whether its URI begins with the issuer, whoever that is. */
export function isOwn({ base }: EventForm): boolean {
  return base.startsWith('/')
}

import type { Account, Proofing } from '../src/account/accounts.ts'
import { identityPage } from '../src/account/identity/pages/identity.ts'
import { keepProfilePage } from '../src/account/identity/pages/keep-profile.ts'
import { profilePage } from '../src/account/identity/pages/profile.ts'
import { consentPage } from '../src/proofing/pages/consent.ts'
import { notVerifiedPage } from '../src/proofing/pages/not-verified.ts'
import { type Beyond, verifiedPage } from '../src/proofing/pages/verified.ts'
import { type PageSamples, sampleDetails } from './page-samples.ts'

const at = Date.UTC(2026, 0, 15, 19, 5)
const account: Account = { id: 'a', address: 'sealed', hasPassword: true, createdAt: at }
const proofing: Proofing = {
  at,
  checks: [
    { check: 'document-proofing', reference: 'd-1' },
    { check: 'resolution-proofing', reference: 'r-1' },
    { check: 'state-id', reference: 's-1' },
    { check: 'address-proofing', reference: 'a-1' },
  ],
  documentType: 'drivers-license',
}

const href = '/openid/interaction/uid'
const partner = { href, name: 'Harbor <Pilots>' }

/** What an account knows of who somebody is, and what that adds to other pages. */
export function identitySamples(): PageSamples {
  const { ssn: _ssn, stateIdNumber: _card, stateIdJurisdiction: _issuer, ...kept } = sampleDetails
  const profile = { ...kept, phone: '+17035550142', credentialId: 'c' }
  return {
    'identity, not proofed': (view) => identityPage(view, account),
    'identity, proofed': (view) => identityPage(view, { ...account, proofing }),
    'identity, kept': (view) => identityPage(view, { ...account, proofing, profile: 'sealed' }),
    profile: (view) => profilePage(view, profile),
    'profile without a credential': (view) => profilePage({ ...view, credentials: false }, kept),
    'keep a profile': keepProfilePage,
    'consent, signed in': (view) => consentPage(view, { account: 'own', mayKeep: true }),
    'consent, nobody signed in': (view) => consentPage(view, { account: 'none' }),
    'consent, for a partner': (view) => consentPage(view, { account: 'own', partner }),
    'not verified, for a partner': (view) =>
      notVerifiedPage(view, { check: 'resolution-proofing', tries: { left: 2 }, partner }),
    ...verifiedSamples(),
  }
}

function verifiedSamples(): PageSamples {
  const verified =
    (beyond: Beyond): PageSamples[string] =>
    (view) =>
      verifiedPage(view, { check: 'address-proofing', ...beyond })
  return {
    'verified, in an account': verified({ account: { profile: 'none' } }),
    'verified, may keep a profile': verified({ account: { profile: 'offered' } }),
    'verified, keeps a profile': verified({ account: { profile: 'kept' } }),
    'verified, for a partner': verified({
      account: { profile: 'none' },
      partner,
    }),
    'verified, for a partner without a name': verified({ partner: { href } }),
  }
}

import { attributes } from '../src/openid/attributes.ts'
import { consentPage } from '../src/openid/pages/consent.ts'
import { goingOnPage } from '../src/openid/pages/going-on.ts'
import { logoutPage } from '../src/openid/pages/logout.ts'
import { requestGonePage } from '../src/openid/pages/request-gone.ts'
import { secondFactorPage } from '../src/openid/pages/second-factor.ts'
import { servicesPage } from '../src/openid/pages/services.ts'
import { signedOutPage } from '../src/openid/pages/signed-out.ts'
import type { Partner } from '../src/openid/partners.ts'
import type { PageSamples } from './page-samples.ts'

const partner: Partner = {
  id: 'city-library',
  name: 'City Library & <Archive>',
  redirect_uris: ['https://library.example/callback'],
  post_logout_redirect_uris: [],
  scopes: ['openid', 'email'],
  max_ial: 2,
  par: 'required',
  id_token_alg: 'ES256',
  client_auth: 'client_secret_basic',
  secret_hashes: ['A'.repeat(43)],
}

const claims = {
  email: 'anna@example.com',
  given_name: 'Anna',
  family_name: 'O’Neil & Sons',
  birthdate: '1990-01-02',
  address: {
    street_address: '7 Oak Lane\nApt <4>',
    locality: 'Springfield',
    region: 'VA',
    postal_code: '22201',
  },
  verified_at: 1_790_000_000,
}

export function openidSamples(): PageSamples {
  const action = '/openid/interaction/abc'
  const consent = { partner, attributes, claims, action }
  const service = { id: partner.id, name: partner.name, since: new Date(1_790_000_000_000) }
  return {
    'consent to a partner': (view) => consentPage(view, consent),
    'consent to the subject alone': (view) => consentPage(view, { ...consent, attributes: [] }),
    'on to a partner': (view) => goingOnPage(view, { partner, url: '/openid/authorize/abc' }),
    'a second factor for a partner': (view) =>
      secondFactorPage(view, { partner, action, hasSecond: true }),
    'a second factor to add for a partner': (view) =>
      secondFactorPage(view, { partner, action, hasSecond: false }),
    'a request that is gone': requestGonePage,
    'no connected services': (view) => servicesPage(view, []),
    'connected services': (view) =>
      servicesPage(view, [
        { ...service, attributes },
        { ...service, id: 'other', name: 'Other', attributes: [] },
      ]),
    'signing out for a partner': (view) =>
      logoutPage(view, { partner, returnTo: undefined, parameters: { client_id: partner.id } }),
    'signing out': (view) =>
      logoutPage(view, { partner: undefined, returnTo: undefined, parameters: {} }),
    'signed out for a partner': signedOutPage,
  }
}

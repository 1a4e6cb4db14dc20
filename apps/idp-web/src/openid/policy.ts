import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Account } from '../account/accounts.ts'
import { type Asked, askedBy } from './asked.ts'
import { levelOf } from './assurance.ts'
import { eventsScope } from './client.ts'
import { grantedBy } from './granted.ts'
import type { Partners } from './partners-file.ts'
import { lacksProofing } from './proofing-needed.ts'
import { visitorOf } from './visitors.ts'

const { Check, Prompt, base } = interactionPolicy

interface PolicyParts {
  readonly partners: Partners
  readonly readAccount: (id: string) => Promise<Account | undefined>
  /** Whether people are asked for an ID document here, without which nobody comes to IAL2. */
  readonly documents: boolean
}

/**
 * What must be so before a partner is answered, in this order: somebody is signed in, well enough, proofed if that is
 * asked for, and has allowed it. The first that is not so leads the person to a page of ours.
 */
export function createPolicy(parts: PolicyParts): interactionPolicy.DefaultPolicy {
  const policy = base()
  const login = policy.get('login')
  // Ours look at the same, and know that identity is none of the provider's `acr`.
  login?.checks.remove('essential_acr')
  login?.checks.remove('essential_acrs')
  login?.checks.add(
    new Check('partner_may_ask', 'partner may not ask for this', (ctx) => refuse(parts, ctx)),
    0,
  )
  policy.add(secondFactorPrompt(), 1)
  policy.add(proofingPrompt(parts), 2)
  policy
    .get('consent')
    ?.checks.add(
      new Check(
        'attributes_not_granted',
        'the person has not allowed all of this',
        'consent_required',
        isBeyondGrant,
      ),
    )
  return policy
}

const askedIn = ({ oidc: { params } }: KoaContextWithOIDC): Asked => askedBy({ ...params })

/** Never asks for a page: who asks for what it may not have is refused, and so is what another person has begun. */
function refuse({ partners }: PolicyParts, ctx: KoaContextWithOIDC): boolean {
  // The code would be worth nothing: it counts for sessions on the list of its account alone.
  if (ctx.oidc.session?.accountId !== visitorOf(ctx.req).signIn?.accountId) {
    throw new errors.AccessDenied('another person is signed in')
  }
  const { scope } = ctx.oidc.params ?? {}
  if (typeof scope === 'string' && scope.split(' ').includes(eventsScope)) {
    throw new errors.InvalidScope('nobody can allow this', eventsScope)
  }
  const asked = askedIn(ctx)
  const partner = partners.get(ctx.oidc.client?.clientId ?? '')
  if (asked.ial > (partner?.max_ial ?? 1)) {
    throw new errors.InvalidRequest('this client may not ask for a proofed identity')
  }
  if (asked.isImpossible) {
    throw new errors.UnmetAuthenticationRequirements('none of the essential acr values is known')
  }
  return Check.NO_NEED_TO_PROMPT
}

function secondFactorPrompt(): interactionPolicy.Prompt {
  return new Prompt(
    { name: 'second-factor' },
    new Check(
      'aal_unmet',
      'a second factor is required',
      'unmet_authentication_requirements',
      (ctx) => {
        const { signIn } = visitorOf(ctx.req)
        return askedIn(ctx).aal > levelOf(signIn?.methods ?? [])
      },
    ),
  )
}

/** Nobody is led to checks that would not come to what the partner asks for. */
function proofingPrompt({ readAccount, documents }: PolicyParts): interactionPolicy.Prompt {
  return new Prompt(
    { name: 'proofing' },
    new Check(
      'ial_unmet',
      'a proofed identity is required',
      'interaction_required',
      async (ctx) => {
        const account = await readAccount(ctx.oidc.session?.accountId ?? '')
        const isLacking = lacksProofing(askedIn(ctx), account, visitorOf(ctx.req).session)
        if (isLacking && !documents) {
          throw new errors.UnmetAuthenticationRequirements('nobody is proofed to IAL2 here')
        }
        return isLacking
      },
    ),
  )
}

/** The provider looks at scopes and claims alone, and not at what is asked for inside `verified_claims`. */
function isBeyondGrant(ctx: KoaContextWithOIDC): boolean {
  const granted = grantedBy(ctx.oidc.grant)
  return askedIn(ctx).attributes.some((attribute) => !granted.includes(attribute))
}

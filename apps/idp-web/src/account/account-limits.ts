import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { networkOf } from '../plugins/request-limit.ts'
import { canonicalAddress } from './address.ts'
import { type GuessLimit, longestGuessWindowSeconds } from './guess-limits.ts'

/**
 * How often a password of this address may be tried. Besides the short window, a hundred wrong ones since the last right
 * one, within any 30 days, are the end (NIST SP 800-63B-4 §3.2.2): until the first of them is 30 days old, only a link by
 * e-mail helps.
 */
export function passwordLimits({ config, fingerprints }: WebDeps, address: string): GuessLimit[] {
  return fingerprints.address(canonicalAddress(address)).flatMap((whom) => [
    {
      what: 'password',
      whom,
      max: config.signInAttempts,
      windowSeconds: config.signInWindowSeconds,
    },
    { what: 'password-lasting', whom, max: 100, windowSeconds: longestGuessWindowSeconds },
  ])
}

/** How many may be tried from one network, for whichever address. */
export function networkPasswordLimits(
  { config, fingerprints }: WebDeps,
  request: FastifyRequest,
): GuessLimit[] {
  return fingerprints.network(networkOf(request)).map((whom) => ({
    what: 'password-network',
    whom,
    max: config.signInsPerNetwork,
    windowSeconds: config.signInWindowSeconds,
  }))
}

const hourSeconds = 3_600

/** How many links may be sent to one address, whoever asks, and asked for from one network. */
export function mailLimits(
  { config, fingerprints }: WebDeps,
  request: FastifyRequest,
  address: string,
): GuessLimit[] {
  const addresses = fingerprints.address(canonicalAddress(address)).map((whom) => ({
    what: 'mail',
    whom,
    max: config.mailsPerAddress,
    windowSeconds: hourSeconds,
  }))
  const networks = fingerprints.network(networkOf(request)).map((whom) => ({
    what: 'mail-network',
    whom,
    max: config.mailsPerNetwork,
    windowSeconds: hourSeconds,
  }))
  return [...addresses, ...networks]
}

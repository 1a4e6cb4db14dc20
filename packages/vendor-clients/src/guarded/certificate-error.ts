/** What OpenSSL says of a certificate that does not verify, and the alerts by which a server says so of ours. */
const verdicts =
  /CERT|^UNABLE_TO_(DECODE|DECRYPT|VERIFY)_|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$|ALERT_UNKNOWN_CA$|_(KEY_TOO_SMALL|MD_TOO_WEAK)$|^PATH_LENGTH_EXCEEDED$/

export function isCertificateError(code: string): boolean {
  return verdicts.test(code)
}

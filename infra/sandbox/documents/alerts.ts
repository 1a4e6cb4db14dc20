/** What the document vendor says is wrong, in the words of its interface. */
export interface Alert {
  readonly side: 'front' | 'back' | 'both'
  readonly reason: string
}

/** Names of Login.gov's failed alerts, and what our vendor says instead. */
const byName: Readonly<Record<string, Alert>> = {
  '2D Barcode Read': { side: 'back', reason: 'barcode-unreadable' },
  '2D Barcode Content': { side: 'back', reason: 'barcode-invalid' },
  'Document Expired': { side: 'both', reason: 'expired' },
  'Series Expired': { side: 'both', reason: 'expired' },
  'Expiration Date Valid': { side: 'both', reason: 'expired' },
  'Document Classification': { side: 'both', reason: 'not-a-document' },
  'Composite Check Digit Valid': { side: 'front', reason: 'mrz-invalid' },
  'Document Number Check Digit Valid': { side: 'front', reason: 'mrz-invalid' },
}

/** A name that is not listed: a crosscheck compares the sides, and anything else is doubt about the card itself. */
export function alertNamed(name: string): Alert {
  if (Object.hasOwn(byName, name)) return byName[name] ?? doubtful
  return /crosscheck/i.test(name) ? { side: 'both', reason: 'sides-differ' } : doubtful
}

export const doubtful: Alert = { side: 'front', reason: 'not-a-document' }

export interface Metrics {
  readonly HorizontalResolution?: number | undefined
  readonly VerticalResolution?: number | undefined
  readonly SharpnessMetric?: number | undefined
  readonly GlareMetric?: number | undefined
}

const leastResolution = 290
const leastSharpness = 40
const leastGlare = 40

/** The first thing that is wrong with the photo of one side. */
export function alertOf(side: 'front' | 'back', metrics: Metrics): Alert | undefined {
  const below = (value: number | undefined, least: number) => value !== undefined && value < least
  const { HorizontalResolution, VerticalResolution, SharpnessMetric, GlareMetric } = metrics
  if (below(HorizontalResolution, leastResolution) || below(VerticalResolution, leastResolution)) {
    return { side, reason: 'too-small' }
  }
  if (below(SharpnessMetric, leastSharpness)) return { side, reason: 'blurred' }
  if (below(GlareMetric, leastGlare)) return { side, reason: 'glare' }
  return undefined
}

import { type Rotation, rotations, sealsByKey } from '../rotation/rotations.ts'

/** What the runbook about keys says of each key, and how it is asked whether an old one is still needed. */
export function rotationRegions(): ReadonlyMap<string, string> {
  return new Map([
    ['rotations', rotations.map(chapterOf).join('\n\n')],
    ['seals-by-key', `\`\`\`sql\n${sealsByKey}\n\`\`\``],
  ])
}

function chapterOf({ name, about, steps }: Rotation): string {
  const list = steps.map(({ text }, index) => `${index + 1}. ${text}`)
  return `### ${name}\n\n${about}\n\n${list.join('\n')}`
}

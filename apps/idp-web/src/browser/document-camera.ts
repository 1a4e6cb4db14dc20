import type { CaptureWords } from '../texts/en/document-capture.ts'
import { takePhoto } from './document-lens.ts'
import type { Camera, DocumentSide } from './document-side.ts'

/** After so many photos or starts that came to nothing, the device's own camera does better. */
const mostFailures = 3

/** The camera for all sides, until it has failed too often: then only files are left, or what the device offers for one. */
export function createCamera(
  words: CaptureWords['lens'],
  sides: () => readonly DocumentSide[],
): Camera {
  let failures = 0

  function giveUp(): void {
    for (const side of sides()) side.hideCamera()
  }

  function failed(text: string): string {
    failures += 1
    if (failures < mostFailures) return text
    giveUp()
    return words.enough
  }

  return {
    async take(side) {
      const dialog = document.querySelector<HTMLDialogElement>('dialog[data-lens]')
      if (!dialog) return undefined
      const end = await takePhoto(dialog, words, side.title)
      if (end.state === 'taken') return end.photo
      if (end.state === 'closed') return undefined
      if (end.trouble === 'none') giveUp()
      side.say(end.trouble === 'none' ? words.none : failed(words[end.trouble]))
      return undefined
    },
    doubted: () => failed(''),
  }
}

import { type Place, readPlace } from '@anteroom/operations'
import { BadCommandError } from './command.ts'

/** As a list says where it goes on. */
export function placeIn(text: string): Place {
  const place = readPlace(text)
  if (place) return place
  throw new BadCommandError('--after takes what the list before it has ended with.')
}

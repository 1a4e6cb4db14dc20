import { BadCommandError } from './command.ts'

export function wholeNumber(
  option: string,
  text: string,
  [min, max]: readonly [number, number],
): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new BadCommandError(`${option} is a whole number, ${min} to ${max}.`)
}
